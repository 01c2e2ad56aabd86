"""Look up the model that a call names, for every adapter alike. Nothing is sent."""

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.ports import REQUESTS, Call
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.failures import wrong_request
from lecture_assets.providers.model import Model


def called_model(catalogue: Catalogue, provider: str, call: Call) -> Model:
    """Return the model. ProviderError if there is none of that name, or if the request is for another role."""
    if not isinstance(call.request, REQUESTS[call.role]):
        raise wrong_request(provider, f"a {call.role} call needs a {REQUESTS[call.role].__name__}")
    try:
        return catalogue.find(f"{provider}:{call.model}", call.role)
    except WrongInputError as error:
        raise wrong_request(provider, str(error), 404) from error
