"""START HERE to add a vendor. Vendors with an adapter, one row each; all other code reads these rows.

A row in another package is found by its entry point:

    [project.entry-points."lecture_assets.vendors"]
    elevenlabs = "lectures_elevenlabs:VENDOR"
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.kind import Role

GROUP = "lecture_assets.vendors"
"""The group of entry points in which other packages register their rows."""
SIMULATED = "simulated"
"""The vendor that needs no row: it has no key and no address, and is always available."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor.

    name:     first word of its models' names, `NAME:model`, and the pool whose slots its calls occupy
    key:      environment variable with its key
    address:  environment variable with another address than its own, for proxies and stand-ins
    adapter:  `module:function` that makes its provider from an `opening.Opening`, imported when the vendor is first needed
    usual:    what its address usually looks like, as a sentence for people who mistyped it
    versions: a model's name may end with `:VERSION`
    own:      by role, the fields that a request sets itself, which no parameter of a model may replace; for a missing role, those
              of Replicate's predictions
    models:   its models, in a file like `models.toml`; None if they are in that one
    """

    name: str
    key: str
    address: str
    adapter: str
    usual: str = ""
    versions: bool = False
    own: Mapping[Role, frozenset[str]] = field(default_factory=dict)
    models: Path | None = None


_TEXT = """
model messages response_format max_completion_tokens max_tokens store metadata n stream tools
"""
_BUILT_IN = (
    Vendor(
        name="openai",
        key="OPENAI_API_KEY",
        address="OPENAI_BASE_URL",
        adapter="lecture_assets.providers.openai.adapter:open_vendor",
        usual="It usually ends with /v1",
        own={
            Role.TEXT: frozenset(_TEXT.split()),
            Role.SPEECH: frozenset({"model", "input", "response_format", "stream", "stream_format"}),
            Role.IMAGE: frozenset({"model", "prompt", "n", "stream", "partial_images"}),
        },
    ),
    Vendor(
        name="replicate",
        key="REPLICATE_API_TOKEN",
        address="REPLICATE_BASE_URL",
        adapter="lecture_assets.providers.replicate.adapter:open_vendor",
        usual="It usually is https://api.replicate.com",
        versions=True,
    ),
)


@cache
def vendors() -> Mapping[str, Vendor]:
    """Return every vendor by name, those of other packages last. WrongInputError names an entry point that is not a vendor's."""
    found = {vendor.name: vendor for vendor in _BUILT_IN}
    for point in entry_points(group=GROUP):
        try:
            vendor = point.load()
        except Exception as error:
            raise _wrong(point.value, f"which cannot be loaded ({type(error).__name__}: {error})") from error
        if not isinstance(vendor, Vendor):
            raise _wrong(point.value, f"an object of type {type(vendor).__name__}")
        if vendor.name in {*found, SIMULATED}:
            raise _wrong(point.value, f"a second vendor {vendor.name!r}")
        found[vendor.name] = vendor
    return found


def _wrong(value: str, found: str) -> WrongInputError:
    allowed = "a Vendor with a name of its own; fix the package, or uninstall it"
    return WrongInputError([Fault(f"entry point {value} of {GROUP}", found, allowed)])
