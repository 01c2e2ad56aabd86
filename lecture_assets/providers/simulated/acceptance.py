"""Whether the simulated vendor accepts a call, and at what price, before it charges anything."""

from collections.abc import Mapping

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import REQUESTS, Call, FailureKind, ProviderError, SpeechRequest, VideoRequest
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.simulated.faults import NAME
from lecture_assets.providers.simulated_models import INSTALL, neural_model
from lecture_assets.providers.vendors import SIMULATED
from lecture_media.speak.extra import NAME as NEURAL
from lecture_media.speak.extra import is_installed
from lecture_media.speak.voices import UnknownNameError, find_language, find_voice


def price_of(call: Call, prices: Mapping[Role, int]) -> int:
    """Check a call and return its price in micro-dollars. ProviderError if a vendor would refuse it.

    prices: micro-dollars per unit that replace the simulation's own
    """
    _check_request(call)
    try:
        model = Catalogue(built_in(), prices).find(f"{SIMULATED}:{call.model}", call.role)
    except WrongInputError as error:
        raise http_error(404, str(error)) from error
    return reserved_usd_micros(model, call.request)


def http_error(code: int, message: str) -> ProviderError:
    """The error for a call that the vendor refuses with this HTTP status."""
    return ProviderError(NAME, FailureKind.NOT_RETRYABLE, str(code), f"HTTP {code}: {message}")


def _check_request(call: Call) -> None:
    """Refuse a request for another role, an unknown voice or language, and a clip without its starting picture."""
    request = call.request
    if not isinstance(request, REQUESTS[call.role]):
        raise http_error(400, f"a {call.role} call needs a {REQUESTS[call.role].__name__}, not a {type(request).__name__}")
    if isinstance(request, VideoRequest) and request.image not in call.files:
        raise http_error(400, f"the starting image {request.image} was not sent with the call")
    if isinstance(request, SpeechRequest) and call.model == NEURAL:
        _check_neural(request)
    elif isinstance(request, SpeechRequest):
        _check_voice(request)


def _check_neural(request: SpeechRequest) -> None:
    """Refuse piper where it is not installed, and what it does not speak."""
    model = neural_model()
    if not is_installed():
        raise http_error(404, f"{model.name} is not installed here: {INSTALL}, or choose another speech model")
    if not (model.has_voice(request.voice) and model.speaks(request.language)):
        raise http_error(400, f"{model.name} has no voice {request.voice!r} for language {request.language!r}")


def _check_voice(request: SpeechRequest) -> None:
    """Check both voice and language, so that one refusal reports everything that is wrong."""
    wrong: list[str] = []
    for find, name in ((find_voice, request.voice), (find_language, request.language)):
        try:
            find(name)
        except UnknownNameError as error:
            wrong.append(str(error))
    if wrong:
        raise http_error(400, "\n".join(wrong))
