"""Send requests to Replicate with the vendor's own package: `wire.VendorClient`.

Only its connection is used, with its headers. Its `run`, `predictions` and `files` are not: they read answers without a limit, do
not expose headers, fail on an aborted prediction and send the token to whatever address a model returned.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any, ClassVar

import httpx
from replicate.client import Client

from lecture_assets.providers.wire import ConnectionOptions, encoded


class ReplicateClient:
    """The API's paths."""

    web: ClassVar[ModuleType] = httpx

    def __init__(self, opening: ConnectionOptions) -> None:
        """Open the package, for one event loop."""
        self._address = opening.address
        client = Client(
            opening.key,
            base_url=opening.address,
            timeout=httpx.Timeout(opening.silent_s, connect=opening.connect_s),
            transport=opening.transport,
            follow_redirects=False,
            trust_env=False,
        )
        self._web = client._async_client  # noqa: SLF001 - the package has no other way to send a request without reading the answer (1.0.7)
        self._web.headers["Accept-Encoding"] = "identity"

    @asynccontextmanager
    async def send(self, method: str, path: str, body: Mapping[str, Any] | None, **more: Any) -> AsyncIterator[httpx.Response]:
        """Yield the answer, unread."""
        if body is not None:
            more |= {"content": encoded(body), "headers": {"Content-Type": "application/json"}}
        async with self._web.stream(method, f"{self._address}{path}", **more) as response:
            yield response

    async def close(self) -> None:
        """Close the connections."""
        await self._web.aclose()
