"""The runs of one worker service: each a process that its fork server forks within milliseconds and kills if the service dies."""

import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dagster import DagsterInstance

from lecture_assets.defs.dagster_internals import serialize_value
from lecture_assets.defs.host.fork_server_client import ForkServerClient, tail
from lecture_assets.defs.host.run_worker import report_end
from lecture_assets.defs.host.service import ForkedService, request_of

_NAME, _MAIN = "lectures-run", "lecture_assets.defs.host.run_worker:main"
_DONE = "exit code 0"


@dataclass
class WorkerRuns:
    """The living runs, by id.

    folder: for what their processes print
    say:    prints a line for whoever reads the service's log
    """

    instance: DagsterInstance
    server: ForkServerClient
    folder: Path
    say: Callable[[str], None]
    living: dict[str, ForkedService] = field(default_factory=dict)
    interrupted: set[str] = field(default_factory=set)

    def start(self, run_id: str) -> bool:
        """Start a run; False if no process could be forked for it, which Dagster is told."""
        arguments = [run_id, serialize_value(self.instance.get_ref())]
        try:
            self.living[run_id] = self.server.serve(request_of(_NAME, _MAIN, arguments, dict(os.environ), str(self._log(run_id))))
        except OSError as error:
            report_end(self.instance, run_id, f"no process could be forked for the run: {error}")
            self.say(f"run {run_id}: no process could be forked: {error}")
            return False
        self.say(f"run {run_id}: started, process {self.living[run_id].pid}")
        return True

    def _log(self, run_id: str) -> Path:
        return self.folder / f"{run_id}.log"

    def unended(self) -> list[ForkedService]:
        """The processes that are running, whose connections can be waited for."""
        return [run for run in self.living.values() if run.ended() is None]

    def collect(self) -> list[str]:
        """The runs that have ended since the last call. Dagster is told of those whose process died."""
        ended = [(run_id, how) for run_id, run in self.living.items() if (how := run.ended())]
        for run_id, how in ended:
            words = tail(self._log(run_id))
            if how != _DONE:
                report_end(self.instance, run_id, f"The run's process ended: {how}.\n{words}".rstrip())
            del self.living[run_id]
            self.interrupted.discard(run_id)
            self.say(f"run {run_id}: ended" if how == _DONE else f"run {run_id}: {how}\n{words}".rstrip())
            with suppress(FileNotFoundError):
                self._log(run_id).unlink()
        return [run_id for run_id, _ in ended]

    def interrupt(self, run_ids: Iterable[str]) -> None:
        """Have runs end as Ctrl-C ends a command: calls in flight complete, the lecture is released. Once for each run."""
        for run_id in [run_id for run_id in run_ids if run_id in self.living and run_id not in self.interrupted]:
            self.interrupted.add(run_id)
            self.living[run_id].send(signal.SIGTERM)
            self.say(f"run {run_id}: interrupted")

    def kill(self) -> None:
        """Kill all runs."""
        for run in self.living.values():
            run.send(signal.SIGKILL)
