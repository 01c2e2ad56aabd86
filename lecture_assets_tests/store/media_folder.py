"""The media folder of tests that look at its files, or damage them."""

import pytest

from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.artifacts import Artifacts


def folder_of(artifacts: Artifacts) -> ArtifactFolder:
    """The artifacts as a folder; the test is skipped where they are on S3."""
    if not isinstance(artifacts, ArtifactFolder):
        pytest.skip("it is about files on this machine")
    return artifacts
