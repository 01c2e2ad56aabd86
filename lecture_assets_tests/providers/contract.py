"""What every provider must do: inherit `ProviderContract` and override its fixtures to test an adapter.

The fixture `open_provider` opens the vendor as a new process would (each call stands for another process, and the vendor
remembers what was bought); `purchases` counts the purchases that the vendor itself has recorded.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest

from lecture_assets.content import HELD
from lecture_assets.graph.kind import Holds, Role
from lecture_assets.ports import Call, NoLookupError, Provider, ProviderError, Reply
from lecture_assets.runner.calls.media_ingest import IngestTarget, ingest_reply
from lecture_assets.store.artifact_folder import ArtifactFolder

T = TypeVar("T")
Open = Callable[[], Provider]
HOLDS = {Role.SPEECH: Holds.SPEECH, Role.IMAGE: Holds.PICTURE, Role.VIDEO: Holds.CLIP, Role.MUSIC: Holds.MUSIC}


def value_of(reply: Reply, call: Call, folder: Path) -> Any:
    """The value of a reply, as the runner receives it: a medium's file is then gone, its bytes in a store below the folder."""
    place = IngestTarget(folder / "home", ArtifactFolder(folder / "artifacts"))
    return asyncio.run(ingest_reply("vendor", HOLDS.get(call.role, Holds.TEXT), call.request, reply, place)).value


def content_of(reply: Reply, call: Call, folder: Path) -> bytes:
    """A reply as bytes."""
    value = value_of(reply, call, folder)
    is_medium = isinstance(value, dict) and "sha256" in value
    return ArtifactFolder(folder / "artifacts").path(value["sha256"]).read_bytes() if is_medium else repr(value).encode()


def with_provider(opened: Open, work: Callable[[Provider], Awaitable[T]]) -> T:
    """Run some work with a provider that is closed afterwards."""

    async def main() -> T:
        provider = opened()
        try:
            return await work(provider)
        finally:
            await provider.close()

    return asyncio.run(main())


class ProviderContract:
    """The promises of the port `ports.Provider`."""

    looks_up: ClassVar[bool] = True
    """Whether the vendor can be asked for any call. One that cannot raises NoLookupError from `find`; never None, which says that
    nothing was bought."""

    @pytest.fixture
    def open_provider(self) -> Open:
        raise NotImplementedError

    @pytest.fixture
    def purchases(self) -> Callable[[], int]:
        raise NotImplementedError

    @pytest.fixture
    def calls(self) -> dict[Role, Call]:
        """A valid call for each role that the provider has."""
        raise NotImplementedError

    @pytest.fixture
    def known_call(self, calls: dict[Role, Call]) -> Call:
        """A call that the vendor can look up by its attempt."""
        return calls.get(Role.TEXT) or next(iter(calls.values()))

    @pytest.fixture
    def wrong_call(self) -> Call:
        """A call that the vendor refuses before it charges."""
        raise NotImplementedError

    def test_what_was_submitted_is_collected_and_fits_its_kind(
        self, open_provider: Open, calls: dict[Role, Call], tmp_path: Path
    ) -> None:
        async def work(provider: Provider) -> dict[Role, tuple[Reply, Any]]:
            found = {}
            for role, call in calls.items():
                reply = await provider.collect(await provider.submit(call), call)
                found[role] = reply, await asyncio.to_thread(value_of, reply, call, tmp_path)
            return found

        for role, (reply, value) in with_provider(open_provider, work).items():
            assert isinstance(reply.cost_usd_micros, int)
            assert reply.cost_usd_micros >= 0
            assert isinstance(value, dict)
            if role is not Role.TEXT:
                HELD[HOLDS[role]].validate_python(value)

    def test_collecting_again_gives_the_same_bytes_and_buys_nothing(
        self, open_provider: Open, calls: dict[Role, Call], purchases: Callable[[], int], tmp_path: Path
    ) -> None:
        async def work(provider: Provider) -> list[bytes]:
            found = []
            for call in calls.values():
                bought = await provider.submit(call)
                found += [
                    await asyncio.to_thread(content_of, await provider.collect(bought, call), call, tmp_path) for _ in range(2)
                ]
            return found

        found = with_provider(open_provider, work)
        assert found[::2] == found[1::2]
        assert all(found)
        assert purchases() == len(calls)

    def test_another_process_finds_a_call_by_its_attempt_and_collects_the_same_bytes(
        self, open_provider: Open, known_call: Call, purchases: Callable[[], int], tmp_path: Path
    ) -> None:

        async def buy(provider: Provider) -> tuple[str, bytes]:
            bought = await provider.submit(known_call)
            reply = await provider.collect(bought, known_call)
            return bought, await asyncio.to_thread(content_of, reply, known_call, tmp_path)

        async def adopt(provider: Provider) -> tuple[str | None, bytes]:
            found = await provider.find(known_call)
            reply = await provider.collect(str(found), known_call)
            return found, await asyncio.to_thread(content_of, reply, known_call, tmp_path)

        assert with_provider(open_provider, buy) == with_provider(open_provider, adopt)
        assert purchases() == 1

    def test_an_attempt_that_was_never_sent_is_not_found(self, open_provider: Open, known_call: Call) -> None:

        async def work(provider: Provider) -> tuple[str | None, str | None]:
            await provider.submit(known_call)
            return await provider.find(known_call), await self._not_found(provider, replace(known_call, attempt="another"))

        found, other = with_provider(open_provider, work)
        assert found is not None
        assert other is None

    async def _not_found(self, provider: Provider, call: Call) -> str | None:
        """What `find` says of a call that the vendor does not have: None, unless the vendor cannot be asked."""
        if self.looks_up:
            return await provider.find(call)
        with pytest.raises(NoLookupError):
            await provider.find(call)
        return None

    def test_a_refused_call_is_a_provider_error_and_was_not_bought(
        self, open_provider: Open, wrong_call: Call, purchases: Callable[[], int]
    ) -> None:
        async def work(provider: Provider) -> ProviderError:
            with pytest.raises(ProviderError) as refused:
                await provider.submit(wrong_call)
            assert await self._not_found(provider, wrong_call) is None
            return refused.value

        error = with_provider(open_provider, work)
        assert (error.provider, error.sent) == (with_provider(open_provider, _name), False)
        assert error.code
        assert purchases() == 0

    def test_an_id_that_the_vendor_does_not_know_is_a_provider_error(self, open_provider: Open, known_call: Call) -> None:
        async def work(provider: Provider) -> None:
            with pytest.raises(ProviderError):
                await provider.collect("no such id", known_call)

        with_provider(open_provider, work)

    def test_a_call_may_be_cancelled_and_the_provider_closed_twice(self, open_provider: Open, known_call: Call) -> None:
        async def work(provider: Provider) -> None:
            await provider.cancel(await provider.submit(known_call))
            await provider.close()

        with_provider(open_provider, work)


async def _name(provider: Provider) -> str:
    return provider.name
