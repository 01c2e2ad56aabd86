"""Predictions as Replicate describes them: what they deliver, how they failed, what they cost, and how they are listed. Pure."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, FailureKind, MediaUrl, ProviderError, Reply
from lecture_assets.providers.amounts import believed, is_counted, used_usd_micros
from lecture_assets.providers.answers import at, name_of, text_at
from lecture_assets.providers.catalogue_file import Unit
from lecture_assets.providers.failures import clean, clean_code, unread
from lecture_assets.providers.model import Model

NAME = "replicate"
HOSTS = frozenset({"replicate.delivery", ".replicate.delivery"})
"""Where outputs are stored (https://replicate.com/docs/topics/predictions/output-files)."""
LONGEST_URL = 8_000
_LONGEST_CURSOR = 2_000


def prediction_reply(prediction: Mapping[str, Json], call: Call, model: Model, loopback: frozenset[tuple[str, int]]) -> Reply:
    """Return the URL of a succeeded prediction's output, and its cost. ProviderError if it has no usable output.

    loopback: where on this machine the output may be fetched from as well
    """
    output = prediction.get("output")
    first = output[0] if isinstance(output, list) and output else output
    counts: dict[Unit, Any] = {"compute second": _compute_seconds(prediction)}
    cost = used_usd_micros(model, call.request, counts)
    if not isinstance(first, str) or not first or len(first) > LONGEST_URL:
        message = "the prediction succeeded, but its output is not a URL"
        raise _ended(prediction, FailureKind.VALIDATION, "no-output", message, cost)
    return Reply(MediaUrl(first, HOSTS, loopback), cost, is_counted=is_counted(model, call.request, counts))


def prediction_failure(prediction: Mapping[str, Json], model: Model, secret: str) -> ProviderError:
    """The error for a prediction that did not succeed. The compute time it took is billed, if it took any."""
    status, said = text_at(dict(prediction), "status"), clean(text_at(dict(prediction), "error"), secret)
    said = said or "no reason given"
    spent, most = _compute_seconds(prediction), model.expected.get("compute second", (0, 0))[1]
    cost = 0 if spent is None else model.cost_usd_micros({"compute second": believed(spent, most)})
    if any(word in said.lower() for word in ("nsfw", "sensitive", "safety", "policy")):
        return _ended(prediction, FailureKind.MODERATION, status, f"{said}; change the words", cost)
    return _ended(prediction, FailureKind.RETRYABLE, status, f"the prediction {status}: {said}", cost)


def listed_prediction(page: Mapping[str, Json], attempt: str) -> str | None:
    """Return the id of the prediction on this page whose webhook names our attempt.

    ProviderError if the page cannot be read, or holds an entry that cannot be read and might be ours.
    """
    predictions = page.get("results")
    if not isinstance(predictions, list):
        raise unread(NAME, is_purchase=False)
    ours = [one for one in predictions if text_at(one, "webhook").endswith(f"/{attempt}")]
    found = name_of(at(ours[0], "id")) if ours else None
    if found is None and not all(isinstance(one, dict) and name_of(one.get("id")) for one in predictions):
        raise unread(NAME, is_purchase=False)
    return found


def next_page(page: Mapping[str, Json]) -> str:
    """Return the query of the following page without the address it names, so that we stay at ours; empty on the last page."""
    query = text_at(dict(page), "next").partition("?")[2].partition("#")[0]
    return f"?{query}" if query and len(query) <= _LONGEST_CURSOR else ""


def _compute_seconds(prediction: Mapping[str, Json]) -> Json:
    return at(dict(prediction), "metrics", "predict_time")


def _ended(prediction: Mapping[str, Json], kind: FailureKind, code: str, message: str, cost: int) -> ProviderError:
    prediction_id = clean_code(text_at(dict(prediction), "id")) or None
    return ProviderError(NAME, kind, code, message, sent=True, cost_usd_micros=cost, request_id=prediction_id)
