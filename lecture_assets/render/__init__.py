"""Turn a timeline into a video and an export folder. What plays when was decided before (`timeline/`).

folder.py         START HERE: an export's folder with timeline.json, captions.vtt, media/, lecture.mp4, poster.jpg and a manifest
forms.py          the other formats of an export: folders, packages and pictures
mp4.py            render_mp4: a film of clips and sound, in H.264 and AAC
clip.py           render_clip: the frames of one segment to H.264
joining.py        clips one after the other, copied
soft_captions.py  captions as a track that players switch
metadata.py       what an MP4 file says of itself; languages as it writes them are in `language_code.py`
page/, scorm.py   a page that plays a lecture; the same as a course for a learning platform
poster.py, preview.py
                  one picture that stands for a lecture; a few of them as a GIF
frame.py          every frame in order: layers, then overlays
layer.py          pictures in slow motion and placeholders (`placeholder.py`) as frames; fitted to the frame by `fitting.py`
playing_clip.py   a vendor's clip as frames, slowed where it is too short
overlay.py        captions, title and notes over the frames
typeface.py       lines of text in any script; `font.py` breaks texts into lines, `font_files.py` has the fonts
letters.py        letters that no font has, and what to install
plane.py          pictures in the form that H.264 stores
sound.py          speech and ducked music as samples, by the timeline's gains; `limiter.py` keeps their peaks down
sound_file.py     write_sound: the sound as AAC in a file of its own
film_measures.py  when a rendered clip stands still or is black, when a rendered sound is silent
measure.py        how loud a sound is, how large a picture or a clip is
thumbnail.py      small pictures for listings
contact_sheet.py  a lecture on one picture
worker.py         renders clips, films and contact sheets in a process of its own; process.py starts and asks it
"""
