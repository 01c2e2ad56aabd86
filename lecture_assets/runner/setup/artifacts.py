"""Where media are kept, as the environment says: a folder or a bucket, with what is set for it. Sends nothing."""

import math
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.ports import SystemClock
from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.bucket_place import ALLOWED, bucket_place, is_bucket, why_no_bucket
from lecture_assets.store.database import Database

ARTIFACTS, CACHE, CACHE_GB = "LECTURES_ARTIFACTS", "LECTURES_MEDIA_CACHE", "LECTURES_MEDIA_CACHE_GB"
URL, REDIRECT = "LECTURES_MEDIA_URL", "LECTURES_MEDIA_REDIRECT"
_GB, _MOST_GB = 10**9, 100_000.0
_DEFAULT_GB = "10"
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


def open_artifacts(environ: Mapping[str, str], home: Path, database: Database) -> Artifacts:
    """Return the media that belong to a home and its database."""
    named = environ.get(ARTIFACTS)
    if not named or not is_bucket(named):
        return ArtifactFolder(Path(named or home / "artifacts").absolute())
    from lecture_assets.store.artifact_bucket import ArtifactBucket  # noqa: PLC0415 - boto3 takes a third of a second
    from lecture_assets.store.bucket import Bucket  # noqa: PLC0415 - the same
    from lecture_assets.store.media_cache import MediaCache  # noqa: PLC0415 - only buckets have one

    cache = MediaCache(Path(environ.get(CACHE) or home / "media-cache").absolute(), cache_bytes(environ))
    return ArtifactBucket(Bucket(bucket_place(named)), database, SystemClock(), cache)


def cache_bytes(environ: Mapping[str, str]) -> int:
    """Return the bound of the local cache in bytes; WrongInputError for an invalid number."""
    text = environ.get(CACHE_GB) or _DEFAULT_GB
    try:
        gigabytes = float(text)
    except ValueError:
        gigabytes = math.nan
    if not 0 < gigabytes <= _MOST_GB:
        raise WrongInputError([Fault(CACHE_GB, repr(text), f"gigabytes, more than 0 and up to {_MOST_GB:.0f}, like 10")])
    return int(gigabytes * _GB)


def check_artifacts(environ: Mapping[str, str]) -> None:
    """Raise WrongInputError for media on S3 whose place or endpoint cannot be right."""
    named = environ.get(ARTIFACTS) or ""
    if "://" not in named:
        return
    why = why_no_bucket(named) if is_bucket(named) else f"{named[:80]!r}, which is neither a folder nor a bucket of S3"
    faults = [Fault(ARTIFACTS, why, f"a folder, or {ALLOWED}")] if why else []
    faults += [
        Fault(name, "text that is no URL", "a URL like https://s3.example.com")
        for name in _ENDPOINTS
        if not _is_url(environ.get(name))
    ]
    if faults:
        raise WrongInputError(faults)


def media_url(environ: Mapping[str, str]) -> str:
    """Return what links to media begin with, without a slash at its end; WrongInputError for an invalid URL."""
    text = environ.get(URL) or ""
    if text and (not _is_url(text) or urlsplit(text).query or urlsplit(text).fragment or not text.isprintable() or " " in text):
        raise WrongInputError([Fault(URL, repr(text[:100]), "a URL like https://lectures.example.com")])
    return text.rstrip("/")


def media_redirect(environ: Mapping[str, str]) -> bool:
    """Return whether browsers are sent to S3 for media; WrongInputError for another value than 0 or 1."""
    text = environ.get(REDIRECT) or "0"
    if text not in {"0", "1"}:
        raise WrongInputError([Fault(REDIRECT, repr(text[:100]), "1, if browsers can reach S3, or 0")])
    return text == "1"


def _is_url(text: str | None) -> bool:
    try:
        parts = urlsplit(text or "https://s3.example.com")
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
