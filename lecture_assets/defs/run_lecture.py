"""The lecture that a run is for, or a sentence that says why there is none."""

from dagster import Failure, OpExecutionContext

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.lectures import version_of


def lecture_of(context: OpExecutionContext) -> str:
    """The id of the lecture that the run of a job is for, which may not exist; Failure if the run has no partition."""
    if not context.has_partition_key:
        message = (
            "partition: found none; allowed: a lecture "
            "(choose it as the partition in the launchpad; a program sets the run's tag dagster/partition)"
        )
        raise Failure(message, allow_retries=False)
    return context.partition_key


def require_lecture(lectures: Lectures, lecture: str) -> None:
    """UnknownLectureError if the lecture does not exist; to be called before Dagster is told anything of it."""
    with lectures.context.database.read() as connection:
        version_of(connection, lecture)
