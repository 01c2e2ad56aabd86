"""The client of S3 for one process, and patience: an operation is tried again while S3 is busy or away, up to a bound."""

import logging
import os
import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lecture_assets.store.bucket_errors import bucket_errors, code_of, is_passing, shown

T = TypeVar("T")
PATIENCE_S = 60.0
"""How long an operation is tried again; a vendor's reply that cannot be stored meanwhile is fetched again later."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 5.0
_TRIES = 4
"""Tries of each request by botocore itself, within one try of an operation."""
_CONNECT_S, _READ_S, _CONNECTIONS = 5, 30, 32
_QUIET_S, _SAID_EVERY_S = 2.0, 60.0
"""After how long a warning says what is waited for, and how often at most."""
_LOG = logging.getLogger(__name__)
_RAISED = (ClientError, BotoCoreError, ConnectionError, TimeoutError)


class BucketClient:
    """Requests to S3. boto3 finds credentials and endpoint as always: `AWS_…`, its configuration files, a machine's role."""

    def __init__(self, place: str, patience_s: float = PATIENCE_S) -> None:
        """Remember for which place; nothing is sent. place: `s3://…`, for errors; patience_s: how long to try again."""
        self._place, self._patience_s = place, patience_s
        self._made: tuple[int, Any] | None = None
        self._said_at = -_SAID_EVERY_S

    def send(self, operation: Callable[[Any], T], none: frozenset[str] = frozenset()) -> T | None:
        """Carry out an operation on a client of boto3; None if S3 answers with one of the codes in `none`. BucketError."""
        until, pause_s = time.monotonic() + self._patience_s, _FIRST_PAUSE_S
        with bucket_errors(self._place, self._endpoint()):
            while True:
                try:
                    return operation(self._client())
                except _RAISED as error:
                    if isinstance(error, ClientError) and code_of(error) in none:
                        return None
                    if not is_passing(error) or time.monotonic() + pause_s > until:
                        raise
                    self._say(until, error)
                time.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - so that many do not come back at once
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _say(self, until: float, error: Exception) -> None:
        now = time.monotonic()
        if now - (until - self._patience_s) >= _QUIET_S and now - self._said_at >= _SAID_EVERY_S:
            self._said_at = now
            what = f"answers {code_of(error)}" if isinstance(error, ClientError) else "does not answer"
            _LOG.warning("waiting up to %.0f s for S3 at %s, which %s", until - now, shown(self._endpoint()), what)

    def _client(self) -> Any:
        """Return this process's client: a forked process must not share its parent's connections."""
        if self._made is None or self._made[0] != os.getpid():
            self._made = (os.getpid(), boto3.session.Session().client("s3", config=_CONFIG))
        return self._made[1]

    def _endpoint(self) -> str | None:
        return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")


_CONFIG = Config(
    signature_version="s3v4",
    connect_timeout=_CONNECT_S,
    read_timeout=_READ_S,
    max_pool_connections=_CONNECTIONS,
    retries={"mode": "standard", "total_max_attempts": _TRIES},
    request_checksum_calculation="when_required",  # every upload has its SHA-256; other checksums confuse some servers
    response_checksum_validation="when_required",  # what arrives is compared with its name
)
