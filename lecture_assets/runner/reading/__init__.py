"""A lecture as it stands, and the documents about it. Reads; changes nothing.

snapshot.py        START HERE: settings, graph, takes, findings and plan at one moment
takes.py           the takes of a lecture, loaded when they are asked for
status.py, explain.py, costs.py, plan_document.py    the JSON that commands print
draft.py           the timeline as far as it is made       proof.py    what a lecture holds, for outside checks
conflicts.py       pinned values beside what a model made since
contradictions.py  wishes that cannot all come true        voices.py   the voices, and the models that have them
"""
