"""Timelines: places, captions, music, exports."""
