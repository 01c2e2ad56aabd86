"""Stored media, in a folder or on S3, as tests see and damage them behind the store's back."""

import os
from pathlib import Path

from lecture_assets.store.artifact_bucket import ArtifactBucket
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.bucket_media import object_key


def names(artifacts: Artifacts) -> set[str]:
    """The SHA-256 of all media."""
    return {medium.sha256 for medium in artifacts.listing()}


def read(artifacts: Artifacts, sha256: str) -> bytes:
    """The bytes of a medium."""
    with artifacts.local() as local:
        return local(sha256).read_bytes()


def put(artifacts: Artifacts, content: bytes) -> str:
    """Store bytes; their SHA-256."""
    file = artifacts.workspace() / "file"
    file.write_bytes(content)
    return artifacts.adopt(file)


def flip(artifacts: Artifacts, sha256: str, at: int = 0) -> None:
    """Another bit in a medium; no machine has a copy."""
    content = bytearray(read(artifacts, sha256))
    content[at % len(content)] ^= 1
    overwrite(artifacts, sha256, bytes(content))


def overwrite(artifacts: Artifacts, sha256: str, content: bytes) -> None:
    """Other bytes in a medium's place; no machine has a copy."""
    if isinstance(artifacts, ArtifactBucket):
        artifacts._media.bucket.put_text(object_key(sha256, 0), content, only_new=False)
        artifacts._cache.drop(sha256)
    else:
        Path(artifacts.address(sha256)).write_bytes(content)


def rot(artifacts: Artifacts, sha256: str) -> None:
    """Another bit, of which no time tells: as a disk does it."""
    path = None if isinstance(artifacts, ArtifactBucket) else Path(artifacts.address(sha256))
    before = path.stat() if path else None
    flip(artifacts, sha256)
    if path and before:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def lose(artifacts: Artifacts, *digests: str) -> None:
    """Remove media; no machine has a copy."""
    for sha256 in digests:
        if isinstance(artifacts, ArtifactBucket):
            artifacts._media.bucket.delete([object_key(sha256, 0)])
            artifacts._cache.drop(sha256)
        else:
            Path(artifacts.address(sha256)).unlink()


def notice(artifacts: Artifacts, *digests: str) -> None:
    """Read media, as whoever uses them does: on S3, that is how a loss is noticed; in a folder, it is seen at once."""
    if isinstance(artifacts, ArtifactBucket):
        for sha256 in digests:
            artifacts.drop_if_damaged(sha256)
