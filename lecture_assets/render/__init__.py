"""Turn a timeline into a video and an export folder. What plays when was decided before (`timeline/`).

folder.py         START HERE: export_folder writes timeline.json, captions.vtt, media/, lecture.mp4 and a manifest
mp4.py            render_mp4: frames to H.264, with the sound beside them
frame.py          every frame in order: layers, then overlays
layer.py          pictures in slow motion, clips, and placeholders (`placeholder.py`) as frames
overlay.py        captions, title and notes over the frames; their letters are from `font.py`
plane.py          pictures in the form that H.264 stores
sound.py          speech and ducked music as samples, by the timeline's gains; `limiter.py` keeps their peaks down
sound_file.py     write_sound: the sound as AAC in a file of its own
measure.py        how loud a sound is, how large a picture or a clip is
thumbnail.py      small pictures for listings
contact_sheet.py  a lecture on one picture
worker.py         renders a film or a contact sheet in a process of its own
"""
