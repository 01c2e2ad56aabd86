"""Writes the clients in docs/clients anew from docs/api.graphql and docs/clients/operations.graphql.

python -m lecture_assets_tests.clients.writing            both; TypeScript where node is
"""

import contextlib
import io
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ariadne_codegen.main import client

from lecture_assets_tests.clients.npm import HAS_NODE, WITHOUT_NODE, installed, run
from lecture_assets_tests.project import ROOT

CONTRACT, FOLDER = ROOT / "docs" / "api.graphql", ROOT / "docs" / "clients"
OPERATIONS = FOLDER / "operations.graphql"
PYTHON = FOLDER / "python" / "lectures_client" / "generated"
TYPESCRIPT = FOLDER / "typescript" / "lectures.ts"
_PLUGIN = "lecture_assets_tests.clients.open_unions.OpenUnions"


def python_files() -> Mapping[str, str]:
    """The generated part of the Python client: texts by file name."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "schema_path": str(CONTRACT),
            "queries_path": str(OPERATIONS),
            "target_package_path": folder,
            "target_package_name": PYTHON.name,
            "client_name": "LecturesClient",
            "include_comments": "none",
            "plugins": [_PLUGIN],
            "scalars": {"UsdMicros": {"type": "int"}},
        }
        with contextlib.redirect_stdout(io.StringIO()):
            client({"tool": {"ariadne-codegen": settings}})  # type: ignore[no-untyped-call]  # it has no types of its own
        return {file.name: file.read_text(encoding="utf-8") for file in sorted((Path(folder) / PYTHON.name).glob("*.py"))}


def typescript_text() -> str:
    """The types and documents for TypeScript."""
    script = installed() / "generate.mjs"
    shutil.copy(Path(__file__).with_name(script.name), script)
    return run("node", str(script), str(CONTRACT), str(OPERATIONS), cwd=installed())


def main() -> int:
    """Write both; 1 where node is missing."""
    shutil.rmtree(PYTHON, ignore_errors=True)
    PYTHON.mkdir(parents=True)
    for name, text in python_files().items():
        (PYTHON / name).write_text(text, encoding="utf-8")
    if not HAS_NODE:
        sys.stderr.write(f"{TYPESCRIPT.name} is as it was: {WITHOUT_NODE}\n")
        return 1
    TYPESCRIPT.parent.mkdir(exist_ok=True)
    TYPESCRIPT.write_text(typescript_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
