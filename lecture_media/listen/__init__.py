"""Hear what a sound is like: how loud it is (ITU-R BS.1770-4), whether it is clipped, and which part of it can be repeated.

decode.py     a file in blocks of samples, as every player hears it
loudness.py   Meter: loudness in blocks, in constant memory
clipping.py   ClippingMeter: for how long peaks are flat
measure.py    START HERE: what is stored of a recording or of a piece of music
"""
