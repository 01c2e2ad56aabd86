"""A daemon hangs if one of its threads is silent for long, but not because the computer was asleep."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance
from dagster._daemon.types import DaemonHeartbeat

from lecture_assets.defs.host.dev_heartbeat import SILENCE_S, Heartbeats

STARTED = 1000.0


class Clock:
    """A clock that stands still until a test moves it."""

    now = STARTED

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[DagsterInstance]:
    with DagsterInstance.local_temp(str(tmp_path), {"telemetry": {"enabled": False}}) as instance:
        yield instance


def beat(instance: DagsterInstance, at: float, *types: str) -> None:
    for name in types or instance.get_required_daemon_types():
        instance.add_daemon_heartbeat(DaemonHeartbeat(float(at), name, "", []))


def listen(heartbeats: Heartbeats, clock: Clock, seconds: float) -> bool:
    clock.now += seconds
    return heartbeats.is_lost(STARTED)


@pytest.mark.slow
def test_a_daemon_whose_threads_all_beat_is_not_lost(instance: DagsterInstance) -> None:
    heartbeats = Heartbeats(instance, clock := Clock())
    for minute in range(20):
        beat(instance, minute * 60)
        assert not listen(heartbeats, clock, 60)


@pytest.mark.slow
def test_a_daemon_with_one_silent_thread_is_lost_after_the_limit(instance: DagsterInstance) -> None:
    heartbeats = Heartbeats(instance, clock := Clock())
    beat(instance, 1)
    assert not listen(heartbeats, clock, 20)
    silent, *others = sorted(instance.get_required_daemon_types())
    beat(instance, 200, *others)
    assert not listen(heartbeats, clock, SILENCE_S)
    beat(instance, 230, *others)
    assert listen(heartbeats, clock, 20)
    beat(instance, 240, silent)
    assert not listen(heartbeats, clock, 20)


@pytest.mark.slow
def test_a_daemon_that_never_beats_is_lost_and_a_restarted_one_is_given_time(instance: DagsterInstance) -> None:
    heartbeats = Heartbeats(instance, clock := Clock())
    assert not listen(heartbeats, clock, SILENCE_S - 20)
    assert listen(heartbeats, clock, 40)
    clock.now += 20
    assert not heartbeats.is_lost(started=clock.now)


@pytest.mark.slow
def test_old_heartbeats_do_not_count_as_silence(instance: DagsterInstance) -> None:
    beat(instance, 1)
    heartbeats = Heartbeats(instance, clock := Clock())
    assert not listen(heartbeats, clock, 20)
    assert not listen(heartbeats, clock, 20)
