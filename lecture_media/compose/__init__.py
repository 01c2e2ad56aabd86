"""Music for a prompt: `score.py` writes the notes, `synth.py` plays them, `music.py` joins the sections to a file."""
