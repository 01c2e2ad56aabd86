"""schemathesis makes requests from openapi.json, right and wrong: no error of the server, and no answer that it does not name.

It is no dependency of the tests: `LECTURES_THOROUGH=1`, with the program on PATH.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from lecture_assets_tests.api.serving import ServedApi
from lecture_assets_tests.api.test_edits import UPLOAD, picture
from lecture_assets_tests.project import THOROUGH

PROGRAM = shutil.which("schemathesis")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not THOROUGH or PROGRAM is None, reason="takes five minutes: LECTURES_THOROUGH=1, pip install schemathesis"
    ),
]
SECONDS = 300
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)


def test_no_request_meets_an_error_or_an_answer_that_is_not_documented(served: ServedApi, tmp_path: Path) -> None:
    served.create()
    sha256 = served.execute(UPLOAD, sort="PICTURE", base64=picture())["uploadMedium"]["sha256"]
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(f'[parameters]\n"path.lecture" = "rain"\n"path.sha256" = "{sha256}"\n')
    server = f"http://127.0.0.1:{served.port}"
    command = [str(PROGRAM), "--config-file", str(settings), "run", f"{server}/api/openapi.json", "--url", server]
    command += ["--checks", ",".join(CHECKS), "--max-time", str(SECONDS), "-n", "100000", "--generation-database", "none"]
    command += ["--exclude-path", "/lectures/{lecture}/events", "--exclude-method", "DELETE"]  # endless; for once
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert served.lectures.status("rain")["version"] > 1  # edits were among them
