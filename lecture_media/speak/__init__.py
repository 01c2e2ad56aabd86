"""Speech by espeak-ng.

speech.py    START HERE: writes the file and times the words
espeak.py    the library itself
voices.py    tables of voices and languages
"""
