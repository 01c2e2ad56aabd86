"""Speech by espeak-ng: `speech.py` writes the file and times the words, `espeak.py` is the library, `voices.py` the tables."""
