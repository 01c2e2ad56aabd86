"""Objects of a bucket: conditional puts, uploads in parts, checksums on the way in and out. Knows no database."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from lecture_assets.store.bucket_client import BucketClient
from lecture_assets.store.bucket_errors import EXISTS, MISSING
from lecture_assets.store.bucket_place import BucketPlace

PART = 16 << 20
"""Bytes of a part. A larger file is uploaded in parts; S3 takes up to 10,000, of 5 MiB at least
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html, read 2026-11-29)."""
SIGNED_S = 15 * 60
"""How long a signed URL is valid."""
_AT_ONCE = 1000
"""Objects in one page of a listing, and in one request to delete some."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BucketObject:
    """An object as a listing has it. key: without the prefix; modified: by S3's clock, in seconds since 1970."""

    key: str
    size: int
    modified: float


class Bucket:
    """The objects below a prefix. All methods raise BucketError where S3 refuses or cannot be used."""

    def __init__(self, place: BucketPlace, client: BucketClient | None = None) -> None:
        """Remember the place; nothing is sent yet."""
        self.place = place
        self._client = client or BucketClient(str(place))

    def put(self, key: str, source: Path, *, only_new: bool) -> bool:
        """Store a file, checked by S3 on arrival. Return False if `only_new` and an object of this key exists."""
        put = _put_parts if source.stat().st_size > PART else _put_whole
        named, condition = self._named(key), {"IfNoneMatch": "*"} if only_new else {}
        return self._client.send(lambda client: put(client, named, source, condition), EXISTS) is not None

    def put_text(self, key: str, text: bytes, *, only_new: bool) -> bool:
        """Store a small text. Return False if `only_new` and an object of this key exists."""
        named, condition = self._named(key), {"IfNoneMatch": "*"} if only_new else {}
        checksum = in_base64(hashlib.sha256(text).digest())
        put = {**named, "Body": text, "ChecksumSHA256": checksum, **condition}
        return self._client.send(lambda client: client.put_object(**put), EXISTS) is not None

    def fetch(self, key: str, target: Path) -> str | None:
        """Download an object and return the SHA-256 of what arrived; None if there is none."""
        named = self._named(key)
        return self._client.send(lambda client: _fetch(client, named, target), MISSING)

    def text(self, key: str) -> bytes | None:
        """Return a small object; None if there is none."""
        named = self._named(key)
        return self._client.send(lambda client: bytes(client.get_object(**named)["Body"].read()), MISSING)

    def head(self, key: str) -> tuple[int, str] | None:
        """Return an object's size, and the SHA-256 that S3 took of it (`checksum_of`; empty if none). None if there is none."""
        named = self._named(key)
        found: Any = self._client.send(lambda client: client.head_object(**named, ChecksumMode="ENABLED"), MISSING)
        return None if found is None else (int(found["ContentLength"]), str(found.get("ChecksumSHA256", "")))

    def pages(self, prefix: str = "") -> Iterator[list[BucketObject]]:
        """Iterate over the objects in the order of their keys, a page of up to 1000 at a time."""
        after: dict[str, str] = {}
        while page := self._page(prefix, after):
            yield page
            after = {"StartAfter": self.place.prefix + page[-1].key}

    def is_empty(self, prefix: str = "") -> bool:
        """Whether no object's key begins with this."""
        return not self._page(prefix, {"MaxKeys": 1})

    def _page(self, prefix: str, more: dict[str, Any]) -> list[BucketObject]:
        within = {"Bucket": self.place.bucket, "Prefix": self.place.prefix + prefix, **more}
        found: Any = self._client.send(lambda client: client.list_objects_v2(**within))
        return [
            BucketObject(one["Key"].removeprefix(self.place.prefix), one["Size"], one["LastModified"].timestamp())
            for one in found.get("Contents", ())
        ]

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects; those that do not exist count as deleted."""
        for start in range(0, len(keys), _AT_ONCE):
            named = [{"Key": self.place.prefix + key} for key in keys[start : start + _AT_ONCE]]
            request = {"Bucket": self.place.bucket, "Delete": {"Objects": named, "Quiet": True}}
            self._client.send(partial(_delete, request=request))

    def forget_uploads(self, before: float) -> None:
        """Abort uploads in parts that were begun before a time of S3's clock: their parts cost money and show nowhere else."""
        within = {"Bucket": self.place.bucket, "Prefix": self.place.prefix}
        found: Any = self._client.send(lambda client: client.list_multipart_uploads(**within))
        for upload in found.get("Uploads", ()):
            if upload["Initiated"].timestamp() < before:
                named = {"Bucket": self.place.bucket, "Key": upload["Key"], "UploadId": upload["UploadId"]}
                self._client.send(partial(_abort, named=named), MISSING | {"NoSuchUpload"})

    def now(self) -> float:
        """Return S3's time in seconds since 1970, to the second."""
        within = {"Bucket": self.place.bucket, "Prefix": self.place.prefix, "MaxKeys": 1}
        found: Any = self._client.send(lambda client: client.list_objects_v2(**within))
        return parsedate_to_datetime(found["ResponseMetadata"]["HTTPHeaders"]["date"]).timestamp()

    def url(self, key: str) -> str:
        """Return a URL that anyone can read the object from for 15 minutes. Nothing is sent."""
        named = self._named(key)
        return str(self._client.send(lambda client: client.generate_presigned_url("get_object", named, SIGNED_S)))

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self.place.bucket, "Key": self.place.prefix + key}


def checksum_of(path: Path) -> str:
    """Return the SHA-256 that S3 takes of a file uploaded by `Bucket.put`: of its bytes, or of its parts' with their number."""
    with path.open("rb") as file:
        if path.stat().st_size <= PART:
            return in_base64(hashlib.file_digest(file, "sha256").digest())
        digests = [hashlib.sha256(part).digest() for part in _parts(file)]
    return f"{in_base64(hashlib.sha256(b''.join(digests)).digest())}-{len(digests)}"


def in_base64(digest: bytes) -> str:
    """Return a digest as S3 writes it."""
    return base64.b64encode(digest).decode()


def _put_whole(client: Any, named: dict[str, str], source: Path, condition: dict[str, str]) -> Any:
    with source.open("rb") as file:
        checksum = in_base64(hashlib.file_digest(file, "sha256").digest())
        file.seek(0)
        return client.put_object(**named, Body=file, ChecksumSHA256=checksum, **condition)


def _put_parts(client: Any, named: dict[str, str], source: Path, condition: dict[str, str]) -> Any:
    upload = client.create_multipart_upload(**named, ChecksumAlgorithm="SHA256")["UploadId"]
    try:
        with source.open("rb") as file:
            sent = [_put_part(client, {**named, "UploadId": upload}, number, part) for number, part in enumerate(_parts(file), 1)]
        return client.complete_multipart_upload(**named, UploadId=upload, MultipartUpload={"Parts": sent}, **condition)
    except Exception:
        with suppress(Exception):  # `forget_uploads` does it otherwise
            client.abort_multipart_upload(**named, UploadId=upload)
        raise


def _put_part(client: Any, upload: dict[str, str], number: int, part: bytes) -> dict[str, Any]:
    checksum = in_base64(hashlib.sha256(part).digest())
    done = client.upload_part(**upload, PartNumber=number, Body=part, ChecksumSHA256=checksum)
    return {"PartNumber": number, "ETag": done["ETag"], "ChecksumSHA256": checksum}


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while part := file.read(PART):
        yield part


def _fetch(client: Any, named: dict[str, str], target: Path) -> str:
    body, digest = client.get_object(**named)["Body"], hashlib.sha256()
    with body, target.open("wb") as file:
        while chunk := body.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _abort(client: Any, named: dict[str, str]) -> Any:
    return client.abort_multipart_upload(**named)


def _delete(client: Any, request: dict[str, Any]) -> Any:
    done = client.delete_objects(**request)
    for error in done.get("Errors", ()):  # the request succeeds though some objects could not be deleted
        raise ClientError({"Error": error, "ResponseMetadata": _STATUS_OF.get(error.get("Code"), {})}, "DeleteObjects")
    return done


_STATUS_OF = {"InternalError": {"HTTPStatusCode": 500}, "ServiceUnavailable": {"HTTPStatusCode": 503}}
"""The statuses of errors that pass, within an answer that has a status of its own."""
