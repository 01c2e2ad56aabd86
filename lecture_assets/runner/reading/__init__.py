"""Read a lecture's current state, and produce the documents about it. Changes nothing.

snapshot.py        START HERE: settings, graph, takes, findings and plan at one moment
listing.py         the lectures of a store, and the revisions of one
takes.py           the takes of a lecture, loaded on demand
status.py, explain.py, costs.py, plan_document.py    the JSON that commands print
shadow_price.py, shadow_report.py   what edits of shadows would have cost, each and in sum
plan_sizes.py      how many calls the plans of waiting lectures have
draft.py           the timeline as far as it has been made
timeline_version.py    a timeline as it was
progress.py        the events of its progress, and the patch from one timeline to the next; progress_shapes.py: their types
proof.py           what a lecture holds, for external checks
lecture_checks.py  what is true of a lecture that can be shown; ledger_check.py: its takes cost what was settled
reader.py          all of it, one method for each document
conflicts.py       pinned values compared with what a model made since
contradictions.py, media_contradictions.py    warnings about wishes (wishes.py, asked_length.py) that contradict each other
known_parts.py     what those warnings know of a lecture besides its settings; film_letters.py: letters that no font has
coverage_notes.py  sentences about the seconds that no clip will cover
known_texts.py    warnings about texts that are known before anything is bought
stale_note.py      what an export plays in an older version
film_notes.py     what the rules of `timeline/` find wrong with a film
voices.py          the voices, and the models that have them
"""
