"""What S3 and boto3 raise, as sentences with a remedy. They quote codes and addresses, never messages, which may hold secrets."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import ConnectionError as ConnectionFailedError

from lecture_assets.graph.errors import LectureError

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
EXISTS = frozenset({"412", "PreconditionFailed", "409", "ConditionalRequestConflict"})
"""409: another conditional write of the same object was under way, which AWS says may be tried again."""
_SERVER_ERROR = 500
_THROTTLED = {"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "RequestTimeout"}
_CREDENTIALS = {
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "InvalidToken",
    "TokenRefreshRequired",
    "InvalidClientTokenId",
}
_DENIED = {"403", "AccessDenied", "AllAccessDisabled", "AccountProblem"}
_REGION = {"301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
_RIGHTS = "s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket and s3:AbortMultipartUpload"


class BucketError(LectureError):
    """S3 refuses, or cannot be used as it is set up."""


class BucketAwayError(BucketError):
    """S3 does not answer, or answers that it cannot just now. Nothing was lost, and trying again helps once it can."""

    exit_code = 1


def code_of(error: ClientError) -> str:
    """Return S3's code for an error: a name, or the number of the HTTP status where a HEAD was refused."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_passing(error: Exception) -> bool:
    """Whether the same request may succeed a moment later: S3 is overloaded or away, or a connection was cut."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return bool(status >= _SERVER_ERROR) or code_of(error) in _THROTTLED
    return isinstance(error, ConnectionFailedError | HTTPClientError | IncompleteReadError | ConnectionError | TimeoutError)


@contextmanager
def bucket_errors(place: str, endpoint: str | None) -> Iterator[None]:
    """Raise BucketError in place of what boto3 raises within. place: `s3://…`; endpoint: None for Amazon's own."""
    try:
        yield
    except NoCredentialsError:
        message = f"no credentials for {place}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
        raise BucketError(message) from None
    except PartialCredentialsError:
        message = f"half of the credentials for {place} is missing: set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        raise BucketError(message) from None
    except ClientError as error:
        raise _refused(error, place, endpoint) from None
    except (BotoCoreError, ConnectionError, TimeoutError, ValueError) as error:  # ValueError: an endpoint that is no URL
        at, kind = f"S3 at {shown(endpoint)}", type(error).__name__
        if is_passing(error):
            message = f"{at} cannot be reached ({kind}) for {place}; nothing was lost (run this again once it answers)"
            raise BucketAwayError(message) from None
        message = f"{at} cannot be used for {place} ({kind}): check the AWS_… variables and the AWS configuration"
        raise BucketError(message) from None


def _refused(error: ClientError, place: str, endpoint: str | None) -> BucketError:
    code, does, at = code_of(error), error.operation_name, shown(endpoint)
    if is_passing(error):
        sentence = f"S3 at {at} answers {code} for {place}, also after some tries; nothing was lost (run this again later)"
        return BucketAwayError(sentence)
    known = {
        "there is no bucket for {place} at {at}: create it, or correct LECTURES_ARTIFACTS": {"NoSuchBucket"},
        "S3 at {at} does not accept the credentials for {place} ({code}): check AWS_ACCESS_KEY_ID and its secret": _CREDENTIALS,
        "S3 at {at} does not permit {does} for {place} ({code}): the key needs {rights}": _DENIED,
        "the bucket of {place} is in another region ({code}): set AWS_DEFAULT_REGION to its region": _REGION,
        "the clocks of this machine and of S3 at {at} differ by minutes ({code}): set this machine's": {"RequestTimeTooSkewed"},
    }
    other = "S3 at {at} refuses {does} for {place} ({code}): check LECTURES_ARTIFACTS and AWS_ENDPOINT_URL_S3"
    sentence = next((sentence for sentence, codes in known.items() if code in codes), other)
    return BucketError(sentence.format(at=at, place=place, code=code, does=does, rights=_RIGHTS))


def shown(endpoint: str | None) -> str:
    """Return an endpoint without the name and password that its URL may hold."""
    if endpoint is None:
        return "Amazon"
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
