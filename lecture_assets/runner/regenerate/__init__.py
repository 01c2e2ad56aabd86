"""A plan is carried out.

regeneration.py   START HERE: claim the lecture, plan, execute, plan again if an edit landed, finish
plan_executor.py  one plan: each node starts as soon as what it reads is made
node_executor.py  one node: kept, restored from a take, made here, or bought; then recorded
ending.py         how a regeneration that is interrupted comes to its end
draft_writer.py   the half-made timeline, published meanwhile      report.py    what it all came to
"""
