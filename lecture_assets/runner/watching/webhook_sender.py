"""Sends webhooks by the Standard Webhooks specification (https://www.standardwebhooks.com, 1.0.0, read 2026-11-30).

    claim what is due ─► sign ─► POST ─┬─ 2xx: delivered      ├─ 410: the endpoint is disabled
                                       └─ anything else: again later, for a day

Any number of senders share the messages of a store. A message may arrive twice (the sender died before it could say that it was
delivered): its id is the same, so that receivers can tell. It goes to public addresses alone, and follows no redirect.
"""

import asyncio
import base64
import hashlib
import hmac
import logging
import random
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpx2

from lecture_assets.graph.errors import LectureError
from lecture_assets.intake.public_host import public_address
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.prose.refusals import plain_name
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import webhooks
from lecture_assets.store.change_watch import WorkWatch
from lecture_assets.store.webhooks import ClaimedMessage, MessageState, SigningSecret

RETRIES_S = (5.0, 5 * 60.0, 30 * 60.0, 2 * 3600.0, 5 * 3600.0, 10 * 3600.0, 6.5 * 3600.0)
"""Pauses between tries: eight tries within 24 hours, as the specification recommends."""
_JITTER = 0.1
_TIMEOUT_S = 10.0
_CLAIM_S = 60.0
_AT_ONCE = 16
_LOOK_S = 2.0
"""How often a sender looks for what is due."""
_LONGEST_RETRY_AFTER_S = 3600.0
_HTTPS = 443
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """How a try ended. said: in a few words; retry_after_s: what the receiver asked for, 0 for nothing."""

    state: MessageState
    said: str
    retry_after_s: float = 0.0
    is_gone: bool = False


class WebhookSender(AbstractContextManager["WebhookSender"]):
    """A thread that sends what is due, within a `with` block."""

    def __init__(self, context: Context) -> None:
        """Nothing is sent yet."""
        self._context = context
        self._ending = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="webhooks", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """End it. What is being sent is finished, and takes ten seconds at most."""
        self._ending.set()
        self._thread.join()

    async def _serve(self) -> None:
        watch = WorkWatch(self._context.database)
        while not self._ending.is_set():
            sent = 0
            try:
                if watch.is_time():
                    sent = await self.send_due()
                    await asyncio.to_thread(watch.looked, self._is_any)
            except LectureError:  # the database is away
                pass
            except Exception:  # noqa: BLE001 - the next messages are sent all the same
                _LOG.exception("webhooks could not be sent; trying again")
            if not sent:
                await asyncio.to_thread(self._ending.wait, _LOOK_S)
        watch.close()

    def _is_any(self) -> bool:
        return self._context.database.reading(webhooks.is_any_waiting)

    async def send_due(self) -> int:
        """Send what is due now. Return how many messages were tried."""
        claimed = await asyncio.to_thread(self._claim)
        outcomes = await asyncio.gather(*(self._send(message) for message in claimed), return_exceptions=True)
        for error in outcomes:
            if error is not None:
                raise error  # once all have ended
        return len(claimed)

    def _claim(self) -> Sequence[ClaimedMessage]:
        database, now_of = self._context.database, self._context.store_time

        def is_due() -> bool:
            return database.reading(lambda connection: webhooks.is_any_due(connection, now_of(connection)))

        def claim() -> Sequence[ClaimedMessage]:
            return database.writing(lambda c: webhooks.claim(c, now := now_of(c), now + _CLAIM_S, _AT_ONCE))

        return claim() if is_due() else ()

    async def _send(self, message: ClaimedMessage) -> None:
        now = await asyncio.to_thread(self._context.store_time_now)
        outcome = await self._post(message, now)
        await asyncio.to_thread(self._settle, message, outcome)

    def _settle(self, message: ClaimedMessage, outcome: SendOutcome) -> None:
        context = self._context
        if outcome.is_gone:
            context.database.writing(
                lambda c: webhooks.disable(c, message.endpoint.id, outcome.said, context.store_time(c)),
            )
            return
        state, pause_s = outcome.state, 0.0
        if state is MessageState.WAITING:
            if message.tries >= len(RETRIES_S):
                state = MessageState.FAILED
            else:
                pause_s = max(RETRIES_S[message.tries] * random.uniform(1, 1 + _JITTER), outcome.retry_after_s)  # noqa: S311 - no secret
        settle = partial(webhooks.settle, message=message.id, state=state, said=outcome.said)
        context.database.writing(lambda c: settle(c, next_at=context.store_time(c) + pause_s))

    async def _post(self, message: ClaimedMessage, now: float) -> SendOutcome:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                status, retry_after = await self._posted(message, now)
        except TimeoutError:
            return SendOutcome(MessageState.WAITING, f"no answer within {_TIMEOUT_S:.0f} s")
        except UnfitMediumError as error:
            return SendOutcome(MessageState.WAITING, str(error))
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, ValueError) as error:
            return SendOutcome(MessageState.WAITING, f"no complete answer ({plain_name(error)})")
        if HTTPStatus(200) <= status < HTTPStatus.MULTIPLE_CHOICES:
            return SendOutcome(MessageState.DELIVERED, f"answer {status}")
        return SendOutcome(MessageState.WAITING, f"answer {status}", retry_after, is_gone=status == HTTPStatus.GONE)

    async def _posted(self, message: ClaimedMessage, now: float) -> tuple[int, float]:
        """Return the answer's status, and the seconds of its `Retry-After`."""
        url, body, more = httpx2.URL(message.endpoint.url), message.body.encode(), {}
        place = url
        if not is_loopback(url, self._context.webhook_loopback):
            if url.scheme != "https" or url.userinfo:
                found = "a URL that is not https://host/…"
                raise UnfitMediumError(found)
            place = url.copy_with(host=await public_address(url.host, url.port or _HTTPS))
            more = {"sni_hostname": url.raw_host.decode("ascii")}
        headers = {
            "Host": url.netloc.decode("ascii"),
            "Content-Type": "application/json",
            "User-Agent": "lecture-assets",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(now)),
            "webhook-signature": signature(message.endpoint.secrets, message.id, int(now), body, now),
        }
        async with (
            httpx2.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", place, content=body, headers=headers, extensions=more) as answer,
        ):
            asked = answer.headers.get("Retry-After", "")
            return answer.status_code, min(float(asked), _LONGEST_RETRY_AFTER_S) if asked.isdecimal() else 0.0


def is_loopback(url: httpx2.URL, loopback: frozenset[tuple[str, int]]) -> bool:
    """Whether a URL is one of the places of this machine that are allowed."""
    return url.scheme == "http" and (url.host, url.port or 80) in loopback


def signature(secrets: Sequence[SigningSecret], message: str, timestamp: int, body: bytes, now: float) -> str:
    """Return the signatures of a message, one with each secret that is still in use, separated by spaces."""
    signed = f"{message}.{timestamp}.".encode() + body
    valid = (one.secret for one in secrets if one.until is None or one.until > now)
    keys = (base64.b64decode(secret.removeprefix("whsec_")) for secret in valid)
    return " ".join(f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}" for key in keys)
