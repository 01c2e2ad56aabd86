"""Send requests to OpenAI, or a server with its API, with the vendor's own package: `wire.VendorClient`.

The package adds the address, the key and its own headers. It neither retries nor reads the answer: `wire.py` does that, within
limits.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import ModuleType
from typing import Any, ClassVar

import httpx2
import openai

from lecture_assets.providers.wire import ConnectionOptions


class OpenAIClient:
    """The API's resources that the adapter uses, by path."""

    web: ClassVar[ModuleType] = httpx2

    def __init__(self, opening: ConnectionOptions) -> None:
        """The package takes organization and project from the environment (`OPENAI_ORG_ID`, `OPENAI_PROJECT_ID`)."""
        timeout = httpx2.Timeout(opening.silent_s, connect=opening.connect_s)
        web = httpx2.AsyncClient(transport=opening.transport, timeout=timeout, follow_redirects=False, trust_env=False)
        self._client = openai.AsyncOpenAI(
            api_key=opening.key,
            base_url=opening.address,
            max_retries=0,
            timeout=timeout,
            http_client=web,
            default_headers={"Accept-Encoding": "identity"},
        )

    @asynccontextmanager
    async def send(
        self,
        method: str,  # noqa: ARG002 - it follows from the body
        path: str,
        body: Mapping[str, Any] | None,
        **more: Any,
    ) -> AsyncIterator[httpx2.Response]:
        """Yield the answer, unread."""
        try:
            request = self._post(path, body) if body is not None else self._get(path, more)
            async with request as raw:
                yield raw.http_response
        except openai.APIConnectionError as error:
            raise (error.__cause__ or error) from None

    def _post(self, path: str, body: Mapping[str, Any]) -> AbstractAsyncContextManager[Any]:
        """Send a POST. Only what the package requires is passed by name; everything else is passed on as it is."""
        create, needed = {
            "/chat/completions": (self._client.chat.completions.with_streaming_response.create, ("model", "messages")),
            "/audio/speech": (self._client.audio.speech.with_streaming_response.create, ("model", "input", "voice")),
            "/images/generations": (self._client.images.with_streaming_response.generate, ("model", "prompt")),
        }[path]
        whole = _without_surrogates(body)
        rest = {name: value for name, value in whole.items() if name not in needed}
        request: Any = create
        found: AbstractAsyncContextManager[Any] = request(**{name: whole[name] for name in needed}, extra_body=rest)
        return found

    def _get(self, path: str, more: Mapping[str, Any]) -> AbstractAsyncContextManager[Any]:
        """Send a GET for stored completions, or for one of them."""
        stored: Any = self._client.chat.completions.with_streaming_response
        _, _, named = path.removeprefix("/").partition("completions/")
        found: AbstractAsyncContextManager[Any] = stored.retrieve(named) if named else stored.list(extra_query=more["params"])
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _without_surrogates(body: Mapping[str, Any]) -> dict[str, Any]:
    """Replace lone surrogates, which the package cannot encode."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    whole: dict[str, Any] = json.loads(text)
    return whole
