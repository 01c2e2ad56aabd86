"""The lecture graph: pure functions over one table. START HERE: `lecture.py`.

Nothing in this room does I/O; it knows the standard library and `rfc8785`, nothing else.

    Settings --build--> Graph --find_stale--> Findings --make_plan--> Plan
       ^ apply_edit            (records, takes)        (quotes, limits)
"""
