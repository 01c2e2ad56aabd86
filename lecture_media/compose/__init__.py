"""Make music for a prompt.

music.py    START HERE: joins the sections in a file
score.py    writes the notes
synth.py    plays them
"""
