"""A third-party OpenAI stand-in (npm `@copilotkit/aimock`) in a process of its own, installed when it is first needed."""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lecture_assets_tests.providers.replicate_stand_in import picture, wav

VERSION = "1.43.0"
HAS_NODE = bool(shutil.which("node") and shutil.which("npm"))
FIXTURES = {
    "gpt-5.4-mini": {"content": json.dumps({"text": "A bee on a flower."})},
    "gpt-4o-mini-tts": {"audio": base64.b64encode(wav(1.5)).decode(), "format": "wav"},
    "gpt-image-1-mini": {"image": {"b64Json": base64.b64encode(picture(192, 128)).decode()}},
}


class AIMock:
    """A running one. `journal` lists its requests, by its own account."""

    def __init__(self, url: str) -> None:
        self.url = url

    def journal(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(  # noqa: S310 - loopback
            f"{self.url}/__aimock/journal", timeout=10
        ) as answer:
            found: Any = json.load(answer)
        return list(found)


def _command() -> Path:
    """The program, installed in a folder of this user that later runs find again; an incomplete installation does not count."""
    folder = Path(tempfile.gettempdir()) / f"lecture-assets-aimock-{os.getuid()}-{VERSION}"
    program = folder / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"
    if not program.exists():
        making = Path(tempfile.mkdtemp(prefix="aimock-"))
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", f"@copilotkit/aimock@{VERSION}"]
        subprocess.run(command, cwd=making, check=True, capture_output=True)
        try:
            making.rename(folder)
        except OSError:
            shutil.rmtree(making)  # somebody else was faster
    return program


@contextmanager
def aimock(folder: Path) -> Iterator[AIMock]:
    """Run the stand-in until the end of a `with`."""
    fixtures = [{"match": {"model": model}, "response": answer} for model, answer in FIXTURES.items()]
    (folder / "fixtures.json").write_text(json.dumps({"fixtures": fixtures}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(_command()), "-p", str(port), "-f", str(folder / "fixtures.json"), "--log-level", "warn", "--strict"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield AIMock(f"http://127.0.0.1:{port}")
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "it does not start"
            time.sleep(0.05)
        else:
            return
