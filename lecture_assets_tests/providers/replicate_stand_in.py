"""A Replicate on loopback, from its public API: predictions (create, get, list, cancel), files, outputs. Real media.

`endings` lists how the next predictions end ("failed", "canceled", "aborted", "nsfw", "no-media", "elsewhere"); the
others succeed. `polls`: how often a prediction must be polled until it has ended.
"""

import io
import re
import tempfile
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from lecture_assets_tests.providers.stand_in import Answer, Asked, StandIn

TOKEN = "r8_standin"  # noqa: S105 - of a stand-in
PAGE = 100


class ReplicateStandIn(StandIn):
    """The vendor. predictions: by id, in the order they were accepted."""

    def __init__(self, *, polls: int = 1) -> None:
        super().__init__(TOKEN)
        self.polls = polls
        self.endings: list[str] = []
        self.predictions: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}

    def attempts(self) -> list[str]:
        """The attempt of each accepted prediction."""
        return [prediction["webhook"].rpartition("/")[2] for prediction in self.predictions.values()]

    def kind_of(self, method: str, path: str) -> str:
        if path.startswith("/output/"):
            return "file"
        if method == "POST":
            return "cancel" if path.endswith("/cancel") else "upload" if path == "/v1/files" else "create"
        return "list" if path == "/v1/predictions" else "get"

    def error(self, status: int) -> Answer:
        title = {401: "Unauthenticated", 402: "Insufficient credit", 429: "Too Many Requests"}.get(status, "Error")
        about = f" about {self.key}" if status in {401, 402} else ""
        return Answer({"title": title, "detail": f"{title}: said by the stand-in{about}", "status": status}, status)

    def answer(self, asked: Asked) -> Answer:
        match asked.kind:
            case "create":
                return self._create(asked)
            case "get":
                return self._get(asked.path.rpartition("/")[2])
            case "list":
                return self._list(int(asked.query.get("cursor", ["0"])[0]))
            case "cancel":
                return self._cancel(asked.path.split("/")[-2])
            case "upload":
                return self._upload(asked)
            case _:
                return Answer(content=self.files[asked.path], media_type="application/octet-stream")

    def _create(self, asked: Asked) -> Answer:
        document = asked.json()
        named = re.fullmatch(r"/v1/models/([^/]+/[^/]+)/predictions", asked.path)
        model = named[1] if named else "of a version"
        if not isinstance(document.get("input"), dict) or (not named and not document.get("version")):
            return Answer({"detail": "- input: is required", "status": 422, "title": "Input validation failed"}, 422)
        number = len(self.predictions)
        prediction = {
            "id": f"p{number:06}",
            "model": model,
            "version": document.get("version", "hidden"),
            "input": document["input"],
            "webhook": document.get("webhook"),
            "status": "starting",
            "output": None,
            "error": None,
            "logs": "",
            "metrics": {},
            "created_at": "2026-11-25T00:00:00Z",
            "urls": {
                "get": f"{self.url}/v1/predictions/p{number:06}",
                "cancel": f"{self.url}/v1/predictions/p{number:06}/cancel",
            },
            "polls": 0,
            "ends": self.endings.pop(0) if self.endings else "succeeded",
        }
        self.predictions[prediction["id"]] = prediction
        return Answer(_shown(prediction), 201)

    def _get(self, name: str) -> Answer:
        prediction = self.predictions.get(name)
        if prediction is None:
            return self.error(404)
        prediction["polls"] += 1
        if prediction["polls"] > self.polls and prediction["status"] in {"starting", "processing"}:
            self._end(prediction)
        elif prediction["status"] == "starting":
            prediction["status"] = "processing"
        return Answer(_shown(prediction))

    def _end(self, prediction: dict[str, Any]) -> None:
        ends = prediction["ends"]
        prediction["metrics"] = {"predict_time": 2.5}
        if ends == "nsfw":
            prediction |= {"status": "failed", "error": "NSFW content detected. Try a different prompt."}
        elif ends in {"failed", "canceled", "aborted"}:
            prediction |= {"status": ends, "error": "CUDA out of memory" if ends == "failed" else None}
        elif ends == "elsewhere":
            prediction |= {"status": "succeeded", "output": "https://169.254.169.254/latest/meta-data"}
        else:
            content, suffix = (b"<html>no medium</html>", "png") if ends == "no-media" else medium_of(prediction["input"])
            path = f"/output/{prediction['id']}.{suffix}"
            self.files[path] = content
            output = f"{self.url}{path}"
            prediction |= {"status": "succeeded", "output": [output] if suffix == "png" else output}

    def _list(self, start: int) -> Answer:
        newest = list(reversed(self.predictions.values()))
        more = f"{self.url}/v1/predictions?cursor={start + PAGE}" if len(newest) > start + PAGE else None
        return Answer({"previous": None, "next": more, "results": [_shown(p) for p in newest[start : start + PAGE]]})

    def _cancel(self, name: str) -> Answer:
        prediction = self.predictions.get(name)
        if prediction is None:
            return self.error(404)
        if prediction["status"] in {"starting", "processing"}:
            prediction["status"] = "canceled"
        return Answer(_shown(prediction))

    def _upload(self, asked: Asked) -> Answer:
        path = f"/output/upload-{len(self.files)}"
        self.files[path] = asked.body
        return Answer({"id": path, "urls": {"get": f"{self.url}{path}"}}, 201)


def _shown(prediction: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in prediction.items() if key not in {"polls", "ends"}}


def medium_of(wanted: dict[str, Any]) -> tuple[bytes, str]:
    """A medium of the kind that the input asks for, and the suffix of its name."""
    if "num_frames" in wanted:
        return clip(int(wanted["num_frames"])), "mp4"
    if "duration" in wanted:
        return wav(float(wanted["duration"])), "wav"
    across, down = (int(part) for part in str(wanted.get("aspect_ratio", "1:1")).split(":"))
    return picture(64 * across // max(across, down) * 4, 64 * down // max(across, down) * 4), "png"


def picture(width: int, height: int) -> bytes:
    """A PNG."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(file, "PNG")
    return file.getvalue()


def wav(seconds: float, rate: int = 24_000) -> bytes:
    """A WAV of a tone, mono, 16 bit."""
    samples = (np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 220 / rate) * 12_000).astype("<i2").tobytes()
    head = b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    form = (1).to_bytes(2, "little") + (1).to_bytes(2, "little") + rate.to_bytes(4, "little") + (rate * 2).to_bytes(4, "little")
    return (
        head
        + form
        + (2).to_bytes(2, "little")
        + (16).to_bytes(2, "little")
        + b"data"
        + len(samples).to_bytes(4, "little")
        + samples
    )


def clip(frames: int) -> bytes:
    """An H.264 MP4 at 16 frames per second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w") as sink:
            stream: Any = sink.add_stream("libx264", rate=16)
            stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
            for number in range(frames):
                frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number % 255, np.uint8), format="rgb24")
                sink.mux(stream.encode(frame))
            sink.mux(stream.encode(None))
        return path.read_bytes()
