"""Media out: the video and the export folder of a timeline. What plays when was decided before (`timeline/`).

mp4.render_mp4   frame.frames_of (layer + overlay, drawn ahead in a thread)  --> H.264
                 sound.Mixer (speech + ducked music, a second at a time)     --> AAC
folder.export_folder   timeline.json, captions.vtt, media/, lecture.mp4, and what it wrote in a manifest
"""
