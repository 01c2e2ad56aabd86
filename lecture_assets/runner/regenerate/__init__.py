"""Carry out a plan.

regeneration.py   START HERE: claim the lecture, plan, execute, plan again if an edit landed, finish
plan_executor.py  one plan: each node starts as soon as what it reads is made
node_executor.py  one node: kept, restored from a take, made here, or bought
node_recorder.py  what a node reads, and the take and record it gets
ending.py         how an interrupted regeneration ends
draft_writer.py   the half-made timeline, written meanwhile
timeline_files.py the timeline with its media in a folder, and the export
report.py         what it all came to
"""
