"""Small media with known content, on disk under their SHA-256, and lectures made from them."""

import hashlib
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from lecture_assets.timeline.assemble import assemble, assemble_segment
from lecture_media.listen.measure import measure

SIZE = (320, 180)
RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 60, 200)


class Shelf:
    """A folder of media by SHA-256; `shelf(sha256)` serves as `open_media`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(exist_ok=True)

    def __call__(self, sha256: str) -> Path:
        return self.root / sha256

    def _keep(self, path: Path) -> str:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        path.replace(self.root / sha256)
        return sha256

    def bytes(self, content: bytes) -> str:
        path = self.root / "new"
        path.write_bytes(content)
        return self._keep(path)

    def picture(self, colour: tuple[int, int, int], size: tuple[int, int] = SIZE) -> dict[str, Any]:
        path = self.root / "new.png"
        Image.new("RGB", size, colour).save(path)
        return {"sha256": self._keep(path), "media_type": "image/png", "width": size[0], "height": size[1]}

    def tone(self, seconds: float, hertz: int, level: float = 0.2, words: str = "") -> dict[str, Any]:
        """A sine as WAV; as speech, its words divide its length evenly."""
        times = np.arange(round(seconds * 24_000)) / 24_000
        return self.sound(np.sin(2 * np.pi * hertz * times) * level, 24_000, words)

    def sound(self, samples: Any, rate: int, words: str = "") -> dict[str, Any]:
        """Samples from -1 to 1, of shape (n,) or (n, 2), as WAV. What is beyond is clipped, as a recorder does."""
        path = self.root / "new.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((samples.ndim, 2, rate, 0, "NONE", ""))
            file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        duration, texts = round(len(samples) * 1000 / rate), words.split()
        spans = [duration * i // max(1, len(texts)) for i in range(len(texts) + 1)]
        timed = [{"text": text, "start_ms": spans[i], "end_ms": spans[i + 1]} for i, text in enumerate(texts)]
        heard = measure(path)
        sound = {"sha256": self._keep(path), "media_type": "audio/wav", "duration_ms": duration, "measured": heard}
        return sound | {"words": timed} if words else sound

    def clip(self, colours: list[tuple[int, int, int]], size: tuple[int, int] = SIZE) -> dict[str, Any]:
        """Half a second of each colour, at 10 frames per second."""
        path = self.root / "new.mp4"
        with av.open(str(path), "w") as container:
            stream: Any = container.add_stream("libx264", rate=10)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            pictures = [colour for colour in colours for _ in range(5)]
            for number, colour in enumerate(pictures):
                frame = av.VideoFrame.from_ndarray(np.asarray(Image.new("RGB", size, colour)), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 10)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        duration = 500 * len(colours)
        return {
            "sha256": self._keep(path),
            "media_type": "video/mp4",
            "width": size[0],
            "height": size[1],
            "duration_ms": duration,
        }

    def segment(self, slot: int = 0, seconds: float = 2.0, **changes: Any) -> dict[str, Any]:
        """A segment with a still red and a still green picture; fields can be replaced by name."""
        arguments: dict[str, Any] = {
            "slot": slot,
            "narration": self.tone(seconds, 500 + slot, words="Leaves catch the light."),
            "pictures": [self.picture(RED), self.picture(GREEN)],
            "clip": None,
            "effect": "none",
            "background_music": "calm",
            "size": SIZE,
            "strategy": "narration-led",
            "segment_length_s": None,
            "missing": {},
        }
        return assemble_segment(**(arguments | changes))

    def lecture(self, *segments: dict[str, Any] | None, **changes: Any) -> dict[str, Any]:
        """A lecture of these segments without a title card; fields can be replaced by name."""
        arguments: dict[str, Any] = {
            "segments": dict(enumerate(segments or (self.segment(),))),
            "order": list(range(len(segments or (None,)))),
            "music": self.tone(1.5, 2000),
            "title": None,
            "size": SIZE,
            "strategy": "narration-led",
            "missing": {},
            "estimated_segment_ms": 1500,
        }
        return assemble(**(arguments | changes))
