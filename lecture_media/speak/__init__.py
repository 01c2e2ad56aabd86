"""Speech by espeak-ng and, with the extra `voice`, by piper.

speech.py    START HERE: writes the file and times the words
espeak.py    the library itself
voices.py    tables of voices and languages
neural.py    speech by piper; extra.py says whether it is installed
"""
