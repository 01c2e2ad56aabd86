"""The story by graphql-ws in node, compiled from TypeScript that uses the generated types."""

import asyncio
import atexit
import json
import os
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from lecture_assets_tests.clients.npm import installed, run
from lecture_assets_tests.clients.story import EDITS, brief_of
from lecture_assets_tests.clients.writing import TYPESCRIPT
from lecture_assets_tests.project import ROOT

_STRICT = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noUnusedLocals", "--noImplicitOverride"]
_TARGET = ["--module", "nodenext", "--target", "es2022", "--skipLibCheck", "--types", "node"]


@cache
def program() -> Path:
    """The compiled program, and with it the example of docs/clients.md. AssertionError if one does not compile."""
    folder = installed() / f"story-{os.getpid()}"
    folder.mkdir()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for source in (TYPESCRIPT, Path(__file__).with_name("story.ts")):
        shutil.copy(source, folder)
    (example,) = re.findall(r"```ts\n(.*?)```", (ROOT / "docs" / "clients.md").read_text(encoding="utf-8"), re.DOTALL)
    (folder / "example.ts").write_text(f"declare const token: string;\nlet after = 0;\n{example}", encoding="utf-8")
    run(
        "node",
        str(installed() / "node_modules" / "typescript" / "bin" / "tsc"),
        *_STRICT,
        *_TARGET,
        "story.ts",
        "example.ts",
        cwd=folder,
    )
    return folder / "story.js"


async def told_by_node(url: str, lecture: str) -> dict[str, Any]:
    """Play the story; what the client saw of it."""
    asked = json.dumps({"brief": brief_of(lecture), "edits": EDITS})
    printed = await asyncio.to_thread(run, "node", str(program()), url, lecture, asked, cwd=program().parent)
    told: dict[str, Any] = json.loads(printed)
    return told
