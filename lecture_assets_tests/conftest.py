"""What all tests share: how many run at once, on which servers, how hypothesis searches. No fixture that a room could hold.

`default` gives the same examples on every run; `HYPOTHESIS_PROFILE=search` looks for new ones, over a hundred times as many.
"""

import atexit
import gc
import os
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from lecture_assets.providers.vendors import vendors
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.homes import POSTGRES, has_servers
from lecture_assets_tests.store.engines import ENGINES, server

_SERVERS, _ENGINES = {"server", "server_url", "server_database", "postgres"}, {"postgres", "postgresql"}
"""Fixtures that start a server, and parameters of tests that need one."""
_VENDORS = [variable for vendor in vendors().values() for variable in (vendor.key, vendor.address)]
for _key in ("LECTURES_RECORD", "LECTURES_REPLAY", *_VENDORS):
    os.environ.pop(_key, None)  # no test may spend anybody's money
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes are started: without bytecode each compiles all anew
os.environ.pop("PYTHONUNBUFFERED", None)  # few people have it: commands are tried as they run for the others
sys.dont_write_bytecode = False
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background by a script: children would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)
if "LECTURES_SIM_KEPT" not in os.environ:  # the first process of the tests: what it starts shares the folder
    os.environ["LECTURES_SIM_KEPT"] = tempfile.mkdtemp(prefix="lectures-kept-")
    atexit.register(shutil.rmtree, os.environ["LECTURES_SIM_KEPT"], ignore_errors=True)
gc.disable()  # until all is collected: none of it is ever garbage


def pytest_collection_finish() -> None:
    """What is imported and collected stays: the garbage collector need not look at it in each of its rounds."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: tests wait for processes and for the clock. Each worker collects them all, ten seconds' work."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file at a time for each worker, in the order of `pytest_collection_modifyitems`: what a file sets up is set up once."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - tests run without xdist, too

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that are marked so on both engines; with `--servers` all are on servers anyway.

    `both_engines(costly=True)`: on PostgreSQL only in a thorough run, since the protocol is what is tried, on one engine's rules.
    """
    marker = metafunc.definition.get_closest_marker("both_engines")
    if marker and not has_servers() and (THOROUGH or not marker.kwargs.get("costly")):
        metafunc.fixturenames.append("home_engine")
        metafunc.parametrize("home_engine", ENGINES, indirect=True)


@pytest.fixture
def home_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the homes of a test on the worker's PostgreSQL server, where its parameter says so."""
    if request.param == "postgresql":
        monkeypatch.setenv(POSTGRES, server().render_as_string(hide_password=False))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: at the end no worker is left alone with them. Fast tests need no server."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    for item in items:
        costly = item.get_closest_marker("thorough")
        if costly and not THOROUGH:
            item.add_marker(pytest.mark.skip(reason=f"only with LECTURES_THOROUGH=1: {costly.args[0]}"))
        if _needs_server(item):
            item.add_marker(pytest.mark.slow)
    if has_servers():
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="it is about SQLite or files on this machine"))


def _needs_server(item: pytest.Item) -> bool:
    """Whether PostgreSQL or S3 has to run for a test: it asks for a fixture that starts one, or is about that engine."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return not _SERVERS.isdisjoint(getattr(item, "fixturenames", ())) or not _ENGINES.isdisjoint(map(str, parameters))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--servers`."""
    parser.addoption("--servers", action="store_true", help="put homes on real servers, PostgreSQL and S3, run for these tests")


settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "search", deadline=None, max_examples=1000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the examples that are tried; start the servers, once for all workers."""
    if config.option.servers and not has_servers():
        from lecture_assets_tests.servers.postgres import postgres_server  # noqa: PLC0415 - few runs need it
        from lecture_assets_tests.servers.s3 import s3_server  # noqa: PLC0415 - the same

        servers = ExitStack()
        config.add_cleanup(servers.close)
        os.environ[POSTGRES] = servers.enter_context(postgres_server()).render_as_string(hide_password=False)
        os.environ.update(servers.enter_context(s3_server()))
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
