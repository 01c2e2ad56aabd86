"""Make a clip from a picture.

clip.py       START HERE: encodes the film
camera.py     what part of the picture is visible
weather.py    what moves in it
"""
