"""Regenerate one lecture to convergence: plan, dispatch, record, publish. The only room where core, steps, ports and store meet.

lectures.py    what commands, GraphQL and Dagster call        START HERE
snapshot.py    a lecture as it stands: settings, graph, records, findings, plan
regeneration.py  claim, rounds until the head is reached, finish      round.py  one plan, each node as soon as it can be
making.py      one node: kept, restored, made, bought, recorded
purchase.py    one paid call, by the ledger's protocol        slots.py  calls at once, the longest path first
"""
