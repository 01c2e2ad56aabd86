"""Turn a timeline into a video and an export folder. What plays when was decided before (`timeline/`).

folder.py         START HERE: an export's folder with timeline.json, captions.vtt, media/, lecture.mp4 and a manifest
mp4.py            render_mp4: a film of clips and sound, in H.264 and AAC
clip.py           render_clip: the frames of one segment to H.264
joining.py        clips one after the other, copied
soft_captions.py  captions as a track that players switch; language_code.py tags it
frame.py          every frame in order: layers, then overlays
layer.py          pictures in slow motion, clips, and placeholders (`placeholder.py`) as frames
overlay.py        captions, title and notes over the frames; their letters are from `font.py`
plane.py          pictures in the form that H.264 stores
sound.py          speech and ducked music, a second at a time; levelled by `loudness.py`
measure.py        how loud a sound is, how large a picture or a clip is
thumbnail.py      small pictures for listings
contact_sheet.py  a lecture on one picture
worker.py         renders clips, films and contact sheets in a process of its own; process.py starts and asks it
"""
