"""Media out: the video and the export folder."""
