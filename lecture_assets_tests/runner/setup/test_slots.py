"""The slots of one process: how many at once, which waiter goes first, what a cancelled waiter leaves behind."""

import asyncio

from lecture_assets.runner.setup.slots import LocalLimiter


def test_the_longest_remaining_path_goes_first_and_equals_in_the_order_they_came() -> None:
    async def run() -> list[str]:
        slots, order = LocalLimiter({"openai": 1}), []
        release = asyncio.Event()

        async def hold(name: str, behind: float) -> None:
            async with slots.hold("openai", behind, "node"):
                order.append(name)
                await release.wait()

        first = asyncio.create_task(hold("first", 0.0))
        await asyncio.sleep(0)
        rest = [asyncio.create_task(hold(name, behind)) for name, behind in (("short", 1.0), ("long", 9.0), ("long too", 9.0))]
        await asyncio.sleep(0)
        release.set()
        await asyncio.gather(first, *rest)
        return order

    assert asyncio.run(run()) == ["first", "long", "long too", "short"]


def test_a_cancelled_waiter_takes_no_slot() -> None:
    async def run() -> None:
        slots = LocalLimiter({"openai": 1})
        async with slots.hold("openai", 0.0, "node"):
            waiting = asyncio.create_task(slots._claim("openai", 1.0))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(5), slots.hold("openai", 0.0, "node"):
            pass

    asyncio.run(run())


def test_a_waiter_cancelled_just_as_it_gets_the_slot_hands_it_on() -> None:
    async def run() -> None:
        slots = LocalLimiter({"openai": 1})
        await slots._claim("openai", 0.0)
        given = asyncio.create_task(slots._claim("openai", 9.0))
        last = asyncio.create_task(slots._claim("openai", 1.0))
        await asyncio.sleep(0)
        slots._release("openai")
        given.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(given, return_exceptions=True)
            await last

    asyncio.run(run())


def test_a_pool_without_a_limit_has_one_slot() -> None:
    async def run() -> bool:
        slots = LocalLimiter({})
        async with slots.hold("other", 0.0, "node"):
            second = asyncio.create_task(slots._claim("other", 0.0))
            await asyncio.sleep(0)
            waits = not second.done()
        await second
        return waits

    assert asyncio.run(run())
