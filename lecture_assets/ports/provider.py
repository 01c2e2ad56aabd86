"""The port that every vendor's adapter implements.

A paid call takes two steps, so that no crash between them leads to a second purchase:

    submit(call)  -> the vendor's id, stored at once       find(call) -> the same id by our attempt id, after a crash
    collect(id)   -> the reply, any number of times, at no cost

A vendor that cannot look up a call whose reply was lost raises NoLookupError; the runner decides what happens then.
Whatever an adapter does before a paid request is sent, such as an upload, it does in `prepare` (PreparingProvider).
"""

from typing import Protocol, runtime_checkable

from lecture_assets.ports.calls import Call, Reply


class Provider(Protocol):
    """One vendor. Every method may raise ProviderError."""

    name: str
    settle_s: float
    """Seconds after which a call that was sent, and that `find` still does not know, was never accepted."""

    async def submit(self, call: Call) -> str:
        """Buy the call and return the vendor's id for it."""

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """Wait for a bought call and fetch its reply."""

    async def find(self, call: Call) -> str | None:
        """Return the vendor's id of the call with this attempt id; None if the vendor never accepted it.

        Raises NoLookupError if the vendor has no lookup.
        """

    async def cancel(self, provider_id: str) -> bool:
        """Stop a bought call that is no longer wanted. True if the vendor can; `collect` then reports how the call ended."""

    async def close(self) -> None:
        """Release processes and connections."""


@runtime_checkable
class PreparingProvider(Provider, Protocol):
    """A provider that also reports when a paid request leaves (`providers/departure.py`), as all of ours do.

    With any other provider, a call counts as sent from the moment `submit` is called.
    """

    longest_s: float
    """Seconds after which `submit` has ended, whatever the vendor does."""

    async def prepare(self, call: Call) -> None:
        """Do everything that takes time or space and buys nothing: upload files, reserve disk space for a one-time reply.

        The call may never be submitted.
        """

    def settled(self, call: Call) -> None:
        """The call and its reply are in the ledger: discard whatever was kept for it."""
