"""Where media are on S3: `s3://BUCKET/PREFIX`, and what may be written there."""

import re
from dataclasses import dataclass

SCHEME = "s3://"
ALLOWED = "s3://BUCKET or s3://BUCKET/PREFIX, like s3://my-media/lectures"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, read 2026-11-29."""
_PREFIX = re.compile(r"[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*")
"""Characters that every S3-compatible server and every URL take as they are (Amazon's "safe characters", read 2026-11-29)."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class BucketPlace:
    """A bucket and a prefix in it. prefix: empty, or with a slash at its end."""

    bucket: str
    prefix: str

    def __str__(self) -> str:
        """`s3://bucket/prefix`."""
        return f"{SCHEME}{self.bucket}/{self.prefix}".rstrip("/")


def is_bucket(text: str) -> bool:
    """Whether a text names a place on S3 rather than a folder."""
    return text.startswith(SCHEME)


def why_no_bucket(text: str) -> str | None:
    """Return why `s3://…` is no usable place; None if it is one."""
    bucket, _, prefix = text.removeprefix(SCHEME).partition("/")
    prefix = prefix.removesuffix("/")
    if not bucket:
        return "no bucket's name"
    if not _BUCKET.fullmatch(bucket) or ".." in bucket:
        return f"a bucket called {bucket[:80]!r}: it has 3 to 63 lower-case letters, digits, dots and hyphens"
    if prefix and (not _PREFIX.fullmatch(prefix) or {".", ".."} & set(prefix.split("/"))):
        return f"the prefix {prefix[:80]!r}: it has letters, digits and !_.*'()- between single slashes"
    return f"a prefix of more than {_LONGEST} characters" if len(prefix) > _LONGEST else None


def bucket_place(text: str) -> BucketPlace:
    """Return the place that a correct `s3://…` names."""
    bucket, _, prefix = text.removeprefix(SCHEME).partition("/")
    return BucketPlace(bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else "")
