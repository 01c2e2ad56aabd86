"""Who is told what happens to lectures: programs that follow their progress, and those that get webhooks. Changes no lecture.

following.py       START HERE: the progress of lectures for any number of watchers of a process
watchers.py        who they are, and how far each is
webhook_sender.py  sends the messages that are due (`store/webhooks.py`)
"""
