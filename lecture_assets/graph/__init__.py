"""The lecture graph: pure functions over one table. START HERE: `lecture.py`.

No I/O here, and no imports beyond the standard library and `rfc8785`.

    Settings --build--> Graph --find_stale--> Findings --make_plan--> Plan
       ^ apply_edits           (records, takes)        (quotes, limits)

    lecture.py, kind.py       the table: its rows, and what a row can say
    node.py, queries.py       nodes and their ids; finding nodes in a graph
    settings.py               everything a person has decided about a lecture, as one frozen value
    build.py, dag.py          settings to graph; topological order and reachability
    fingerprint.py            canonical JSON and its SHA-256
    recipe.py, parts.py       what a node is made from; the parts of inputs that count
    staleness.py, direct.py   what is stale and why: through the whole graph, or by direct inputs alone
    plan.py, schedule.py      what a run would make, at what price, and how long it would take
    edits.py, apply_edits.py, play_order.py, merge.py
                              edits as values; applying them; adding, removing and moving segments; merging two texts
    blank.py                  whether a text shows anything
    errors.py                 every error raised on purpose
"""
