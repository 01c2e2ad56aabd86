"""What every provider keeps: inherit `ProviderContract`, override its fixtures, and these tests are the adapter's.

A fixture `open_provider` opens the vendor as a new process would (another call of it is another process, and the vendor
remembers what was bought); `purchases` counts what the vendor itself has in its books.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from lecture_assets.content import HELD
from lecture_assets.graph.lecture import Holds, Role
from lecture_assets.ports import Call, MediaFile, Provider, ProviderError, Reply

T = TypeVar("T")
Open = Callable[[], Provider]
HOLDS = {Role.SPEECH: Holds.SPEECH, Role.IMAGE: Holds.PICTURE, Role.VIDEO: Holds.CLIP, Role.MUSIC: Holds.MUSIC}


def content_of(reply: Reply) -> bytes:
    """What came back, as bytes; a medium is taken as the runner takes it, so that its file is gone."""
    if not isinstance(reply.value, MediaFile):
        return repr(reply.value).encode()
    content = reply.value.path.read_bytes()
    reply.value.path.unlink()
    return content


def with_provider(opened: Open, work: Callable[[Provider], Awaitable[T]]) -> T:
    """Run something with a provider that is closed at the end."""

    async def main() -> T:
        provider = opened()
        try:
            return await work(provider)
        finally:
            await provider.close()

    return asyncio.run(main())


class ProviderContract:
    """The promises of the port `ports.Provider`."""

    @pytest.fixture
    def open_provider(self) -> Open:
        raise NotImplementedError

    @pytest.fixture
    def purchases(self) -> Callable[[], int]:
        raise NotImplementedError

    @pytest.fixture
    def calls(self) -> dict[Role, Call]:
        """A good call for each role that the provider has."""
        raise NotImplementedError

    @pytest.fixture
    def wrong_call(self) -> Call:
        """A call that the vendor refuses before it charges."""
        raise NotImplementedError

    def test_what_was_submitted_is_collected_and_fits_its_kind(self, open_provider: Open, calls: dict[Role, Call]) -> None:
        async def work(provider: Provider) -> dict[Role, Reply]:
            return {role: await provider.collect(await provider.submit(call), call) for role, call in calls.items()}

        for role, reply in with_provider(open_provider, work).items():
            assert isinstance(reply.cost_usd_micros, int)
            assert reply.cost_usd_micros >= 0
            if role is Role.TEXT:
                assert isinstance(reply.value, dict)
                continue
            assert isinstance(reply.value, MediaFile)
            held: Any = {"sha256": "ab" * 32, "media_type": reply.value.media_type, **reply.value.details}
            HELD[HOLDS[role]].validate_python(held)

    def test_collecting_again_gives_the_same_bytes_and_buys_nothing(
        self, open_provider: Open, calls: dict[Role, Call], purchases: Callable[[], int]
    ) -> None:
        async def work(provider: Provider) -> list[bytes]:
            found = []
            for call in calls.values():
                bought = await provider.submit(call)
                found += [content_of(await provider.collect(bought, call)) for _ in range(2)]
            return found

        found = with_provider(open_provider, work)
        assert found[::2] == found[1::2]
        assert all(found)
        assert purchases() == len(calls)

    def test_another_process_finds_a_call_by_its_attempt_and_collects_the_same_bytes(
        self, open_provider: Open, calls: dict[Role, Call], purchases: Callable[[], int]
    ) -> None:
        call = calls[Role.TEXT]

        async def buy(provider: Provider) -> tuple[str, bytes]:
            bought = await provider.submit(call)
            return bought, content_of(await provider.collect(bought, call))

        async def adopt(provider: Provider) -> tuple[str | None, bytes]:
            found = await provider.find(call)
            return found, content_of(await provider.collect(str(found), call))

        assert with_provider(open_provider, buy) == with_provider(open_provider, adopt)
        assert purchases() == 1

    def test_an_attempt_that_was_never_sent_is_not_found(self, open_provider: Open, calls: dict[Role, Call]) -> None:
        call = calls[Role.TEXT]

        async def work(provider: Provider) -> tuple[str | None, str | None]:
            await provider.submit(call)
            return await provider.find(call), await provider.find(replace(call, attempt="another"))

        found, other = with_provider(open_provider, work)
        assert found is not None
        assert other is None

    def test_a_refused_call_is_a_provider_error_and_was_not_bought(
        self, open_provider: Open, wrong_call: Call, purchases: Callable[[], int]
    ) -> None:
        async def work(provider: Provider) -> ProviderError:
            with pytest.raises(ProviderError) as refused:
                await provider.submit(wrong_call)
            assert await provider.find(wrong_call) is None
            return refused.value

        error = with_provider(open_provider, work)
        assert (error.provider, error.sent) == (with_provider(open_provider, _name), False)
        assert error.code
        assert purchases() == 0

    def test_an_id_that_the_vendor_does_not_know_is_a_provider_error(self, open_provider: Open, calls: dict[Role, Call]) -> None:
        async def work(provider: Provider) -> None:
            with pytest.raises(ProviderError):
                await provider.collect("no such id", calls[Role.TEXT])

        with_provider(open_provider, work)

    def test_a_call_may_be_cancelled_and_the_provider_closed_twice(self, open_provider: Open, calls: dict[Role, Call]) -> None:
        async def work(provider: Provider) -> None:
            await provider.cancel(await provider.submit(calls[Role.TEXT]))
            await provider.close()

        with_provider(open_provider, work)


async def _name(provider: Provider) -> str:
    return provider.name
