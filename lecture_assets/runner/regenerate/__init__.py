"""Carry out a plan.

regeneration.py   START HERE: claim the lecture, plan, execute, plan again if an edit landed, finish
scope.py          how much of a lecture is made, and within which limits
agreed_plan.py    refuses a plan that is not the agreed one, or too expensive
plan_executor.py  one plan: each node starts as soon as everything it reads is made
node_executor.py  one node: kept, restored from a take, made locally, or bought
listening.py      measures sounds that were stored before sounds were measured
node_recorder.py  loads a node's inputs, and writes its take and record
ending.py         how an interrupted regeneration ends
draft_writer.py   writes the unfinished timeline during a regeneration
timeline_files.py writes the timeline with its media to a folder, and the export
run_progress.py   the events of a run in the lecture's log of progress
report.py         the counts and costs of a regeneration
"""
