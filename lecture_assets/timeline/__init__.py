"""The timeline: what plays when, as plain JSON.

Pure functions that read no media and write no files.

    narration, pictures or clip --segment.assemble_segment--> a segment timeline, on the segment's own clock (ms)
    segment timelines, music, title --assemble.assemble--> the timeline `lecture-timeline/1`, on the lecture's clock (frames)
    the timeline --export--> timeline.json with paths, captions, Remotion props

    schema.py, clock.py        START HERE: the shape of a timeline, and its clocks and frame sizes
    segment.py, assemble.py    one segment's timeline; the lecture's timeline
    caption.py, line_breaks.py caption lines, and where they break
    written.py, text_width.py  how words are written, cut and measured
    spread.py                  word times for recordings without them
    motion.py, music.py        motion of pictures; the music's volume
    alt.py, chapter.py         what pictures show, in words; chapters and their names
    title.py                   whether a title has words
    export.py, otio.py         paths, WebVTT, SubRip and Remotion; OpenTimelineIO
    film_checks.py, film_file_checks.py  what viewers would miss: rules on a timeline, and on what was measured of a rendered film
    validate.py                consistency of a timeline's times
    segment_frames.py, audio_mix.py  what a segment's pictures, and the lecture's sound, depend on
    lost_media.py              placeholders for media that are no longer there
"""
