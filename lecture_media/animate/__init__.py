"""A clip from a picture: `camera.py` says what is seen, `weather.py` what moves in it, `clip.py` encodes the film."""
