"""A process that inspects untrusted files, each in a fork of its own with limits that the system enforces. Nothing is kept.

    {"sort", "path", "form", "start", "clean", "folder"}  ->  {"kept", "facts"} | {"unfit"} | {"errno"}    one line each
    {"sort": "words", …, "text", "language"}              ->  {"kept", "facts": {"times"}} | …

This process loads the libraries once, so that a fork costs only milliseconds. If a fork dies, its file is rejected and this
process continues. It ends when its input closes, even during an inspection, or when it has been idle for a while.
"""

import json
import os
import resource
import select
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from lecture_assets.intake.clip import take_clip
from lecture_assets.intake.form import Form, Recognised
from lecture_assets.intake.listening import listen
from lecture_assets.intake.picture import take_picture
from lecture_assets.intake.sound import take_sound
from lecture_assets.intake.unfit import UnfitMediumError, UnreadableMediumError

Job: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = dict[str, Any]
IDLE_S = 60.0
_MIB = 1 << 20
_MAX_WRITTEN = 2_000_000_000
_FILES = 32
_GRACE_S = 2
_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Sort:
    """How a kind of medium is inspected.

    memory: bytes beyond what is loaded
    cpu_s:  seconds of CPU time
    wall_s: seconds of elapsed time
    """

    take: Callable[[Path, Recognised, Job], tuple[Path, dict[str, Any]]]
    memory: int
    cpu_s: int
    wall_s: int


def _kept(take: Callable[[Path, Recognised, Path], tuple[Path, dict[str, Any]]]) -> Callable[..., tuple[Path, dict[str, Any]]]:
    """Inspect a file that is kept, converted in the job's folder or as it is."""
    return lambda path, found, job: take(path, found, Path(job["folder"]))


def _listen(path: Path, found: Recognised, job: Job) -> tuple[Path, dict[str, Any]]:
    return path, {"times": listen(path, found, job["text"], job["language"])}


SORTS: Mapping[str, Sort] = {
    "picture": Sort(_kept(take_picture), 128 * _MIB, 20, 120),
    "sound": Sort(_kept(take_sound), 128 * _MIB, 600, 1_800),
    "clip": Sort(_kept(take_clip), 384 * _MIB, 1_200, 3_600),
    "words": Sort(_listen, 384 * _MIB, 600, 1_800),
}
"""A clip may take more: FFmpeg's decoder and x264 hold some 30 pictures, 360 MB when 4K is converted (measured)."""


def do_job(job: Job) -> Answer:
    """Do one job in this process, without limits."""
    sort = SORTS[job["sort"]]
    found = Recognised(Form(job["form"]), start=job["start"], clean=job["clean"])
    try:
        kept, facts = sort.take(Path(job["path"]), found, job)
    except UnfitMediumError as error:
        return {"unfit": str(error)}
    except MemoryError:
        return {"unfit": _too_much(job["sort"])}
    except OSError as error:
        return {"errno": error.errno, "strerror": error.strerror or str(error)}
    except Exception:  # noqa: BLE001 - whatever a library does with untrusted bytes is the file's fault
        return {"unfit": str(UnreadableMediumError(f"a {job['sort']}"))}
    return {"kept": str(kept), "facts": facts}


def do_in_fork(job: Job, jobs: int | None = None) -> Answer | None:
    """Do one job in a fork, with limits. jobs: closes when nobody waits for the answer any more; then return None."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        _run_fork(job, there)
    os.close(there)
    answer_bytes = _read_answer(here, jobs)
    os.close(here)
    if answer_bytes is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if answer_bytes is None:
        return None
    answer: Answer = json.loads(answer_bytes) if answer_bytes else {"unfit": _why(job["sort"], os.waitstatus_to_exitcode(status))}
    return answer


def _read_answer(here: int, jobs: int | None) -> bytes | None:
    """Read the fork's answer until it ends; None if the jobs end first."""
    answer_bytes = b""
    while True:
        ready, _, _ = select.select([here, *([] if jobs is None else [jobs])], [], [])
        if here not in ready:
            return None
        part = os.read(here, _LINE)
        if not part:
            return answer_bytes
        answer_bytes += part


def _run_fork(job: Job, there: int) -> None:
    """Everything that the fork does."""
    try:
        limit(SORTS[job["sort"]])
        os.write(there, json.dumps(do_job(job)).encode())
    finally:
        os._exit(0)


def limit(sort: Sort) -> None:
    """Let the system end this process when it exceeds the limits for this kind of medium."""
    for number in (signal.SIGALRM, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    loaded = pages * resource.getpagesize()
    if loaded:
        resource.setrlimit(resource.RLIMIT_AS, (loaded + sort.memory, loaded + sort.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (sort.cpu_s, sort.cpu_s + _GRACE_S))  # the second is SIGKILL, which gives no reason
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_WRITTEN, _MAX_WRITTEN))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, sort.wall_s)


def _why(sort: str, code: int) -> str:
    """Explain a fork's death."""
    if -code in {signal.SIGALRM, signal.SIGXCPU}:
        return f"a {sort} that takes longer than {SORTS[sort].cpu_s} seconds to inspect"
    return _too_much(sort) if code >= 0 else f"a {sort} that crashes the process that inspects it (signal {-code})"


def _too_much(sort: str) -> str:
    return f"a {sort} that takes more than {SORTS[sort].memory // _MIB} MB of memory to inspect"


def serve(jobs: int, answers: int) -> None:
    """Do jobs until there are no more, or none for a while."""
    waiting = b""
    while select.select([jobs], [], [], IDLE_S)[0]:
        part = os.read(jobs, _LINE)
        if not part:
            return
        waiting += part
        if waiting.endswith(b"\n"):
            answer, waiting = do_in_fork(json.loads(waiting), jobs), b""
            if answer is None:
                return
            os.write(answers, json.dumps(answer).encode() + b"\n")


def main() -> None:
    """Serve stdin and stdout."""
    answers = os.dup(1)
    os.dup2(2, 1)  # a library that prints must not print into the answers
    serve(0, answers)


if __name__ == "__main__":
    main()
