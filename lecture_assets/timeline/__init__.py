"""The timeline: what plays when, as plain JSON. Pure functions; they read no media and write no files.

    narration, pictures or clip --segment.assemble_segment--> a segment timeline, on the segment's own clock (ms)
    segment timelines, music, title --assemble.assemble--> the timeline `lecture-timeline/1`, on the lecture's clock (frames)
    the timeline --export--> timeline.json with paths, captions, Remotion props

START HERE: `schema.py` (the shape) and `clock.py` (which clock a number is in).
"""
