"""espeak-ng by ctypes: a text to raw samples and the times of its words. Our voices are not known here, and no file is written.

espeak-ng keeps global state, and the second utterance of a process differs from the first (seen in 1.52: other bytes, another
length). The library is therefore initialized once, and every utterance is spoken by a forked child that then exits.
"""

import contextlib
import ctypes
import functools
import json
import os
import signal
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import espeakng_loader

SAMPLE_RATE = 22_050
"""Hz, as espeak-ng has it. Samples are mono, signed 16 bit, little-endian."""
_SYNCHRONOUS, _CHUNK_MS = 2, 500
_UTF8 = 1
_IPA = 2
_POSITION_IS_CHARACTERS = 1
_RATE, _PITCH, _RANGE, _WORD_GAP = 1, 3, 4, 7
_WORD, _CLAUSE_END = 1, 5
_SEED = 1
_LARGEST_READ = 1 << 20


class _Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_void_p),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Manner:
    """How to speak.

    voice:              espeak-ng's file, or `file+variant`
    pitch, pitch_range: 0 to 100
    word_gap:           units of 10 ms
    """

    voice: str
    pitch: int
    words_per_minute: int
    pitch_range: int = 55
    word_gap: int = 0


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said.

    pcm:    the samples
    words:  (index of the word's first character in the text, ms from the start), in spoken order
    pauses: ms from the start at which a clause ends
    """

    pcm: bytes
    words: Sequence[tuple[int, int]]
    pauses: Sequence[int]


def say(text: str, manner: Manner) -> Utterance:
    """Speak a text. Equal texts and manners give equal samples, whatever was spoken before. RuntimeError if espeak-ng fails."""
    library = _library()

    def speak() -> bytes:
        spoken = _speak(library, text, manner)
        return json.dumps({"words": spoken.words, "pauses": spoken.pauses}).encode() + b"\n" + spoken.pcm

    head, _, pcm = _in_a_child(speak, f"a text of {len(text)} characters").partition(b"\n")
    times = json.loads(head)
    return Utterance(pcm, [(position, ms) for position, ms in times["words"]], times["pauses"])


@functools.lru_cache(maxsize=4096)
def has_word_for(sign: str, voice: str) -> bool:
    """Whether the voice has a word for a sign in its own language; otherwise it says it in English, or not at all."""
    library = _library()
    phonemes = _in_a_child(lambda: _phonemes(library, sign, voice), f"the sign {sign!a}").decode()
    return bool(phonemes.strip()) and "(" not in phonemes


def phonemes_of(texts: Sequence[str], voice: str) -> list[str]:
    """Return the IPA of each text, as the voice reads it."""
    library = _library()

    def transcribe() -> bytes:
        return json.dumps([_phonemes(library, text, voice).decode() for text in texts]).encode()

    return list(json.loads(_in_a_child(transcribe, f"{len(texts)} texts")))


@functools.cache
def _library() -> ctypes.CDLL:
    """The initialized library. It never speaks in this process."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_SetSynthCallback.argtypes = [_CALLBACK]
    library.espeak_Synth.argtypes = [
        *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int),
        *(ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p),
    ]
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    rate = library.espeak_Initialize(_SYNCHRONOUS, _CHUNK_MS, espeakng_loader.get_data_path().encode(), 0)
    if rate != SAMPLE_RATE:
        message = f"espeak-ng could not be started (it answered {rate}, not {SAMPLE_RATE})"
        raise RuntimeError(message)
    return library


def _fork() -> int:
    """Fork. Python 3.12 warns about threads, but they would only matter to a child that needs them; this one only calls C."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _in_a_child(work: Callable[[], bytes], on: str) -> bytes:
    """Run some work in a child process and return its answer. RuntimeError if it fails."""
    reading, writing = os.pipe()
    child = _fork()
    if child == 0:
        os.close(reading)
        _work_and_end(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        message = f"espeak-ng ended with status {os.waitstatus_to_exitcode(status)} on {on}"
        raise RuntimeError(message)
    return answer


def _work_and_end(work: Callable[[], bytes], writing: int) -> NoReturn:
    """In the child: write the answer, and exit without running the parent's cleanup."""
    status = 1
    with contextlib.suppress(BaseException):
        signal.setitimer(signal.ITIMER_REAL, 0)
        ctypes.CDLL(None).srand(_SEED)
        _write_all(writing, work())
        status = 0
    os._exit(status)


def _phonemes(library: ctypes.CDLL, text: str, voice: str) -> bytes:
    """Transcribe a text in IPA, with `(en)` before what is spoken in English."""
    _set_voice(library, voice)
    rest = ctypes.c_char_p(text.encode())
    clauses = []
    while rest.value:
        clauses.append(library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA) or b"")
    return b" ".join(clauses)


def _set_voice(library: ctypes.CDLL, voice: str) -> None:
    if library.espeak_SetVoiceByName(voice.encode()):
        message = f"espeak-ng has no voice {voice!r}"
        raise RuntimeError(message)


def _speak(library: ctypes.CDLL, text: str, manner: Manner) -> Utterance:
    pcm = bytearray()
    words: list[tuple[int, int]] = []
    pauses: list[int] = []

    def receive(samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            pcm.extend(ctypes.string_at(samples, count * 2))
        for event in _until_terminated(events):
            if event.type == _WORD:
                words.append((event.text_position - 1, event.audio_position))
            elif event.type == _CLAUSE_END:
                pauses.append(event.audio_position)
        return 0

    callback = _CALLBACK(receive)
    library.espeak_SetSynthCallback(callback)
    _set_voice(library, manner.voice)
    settings = (
        (_RATE, manner.words_per_minute),
        (_PITCH, manner.pitch),
        (_RANGE, manner.pitch_range),
        (_WORD_GAP, manner.word_gap),
    )
    for parameter, value in settings:
        library.espeak_SetParameter(parameter, value, 0)
    encoded = text.encode()
    if library.espeak_Synth(encoded, len(encoded) + 1, 0, _POSITION_IS_CHARACTERS, 0, _UTF8, None, None):
        message = "espeak-ng did not accept the text"
        raise RuntimeError(message)
    library.espeak_Synchronize()
    return Utterance(bytes(pcm), words, pauses)


def _until_terminated(events: Any) -> Sequence[_Event]:
    """Yield the events of one callback: a C array that ends with an event of type 0."""
    found: list[_Event] = []
    while events[len(found)].type:
        found.append(events[len(found)])
    return found


def _write_all(pipe: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(pipe, rest[:_LARGEST_READ]) :]
