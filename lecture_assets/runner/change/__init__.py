"""Change lectures as people ask, and maintain the store. Makes no node and buys nothing.

creating.py     a new lecture from a brief
revising.py     START HERE: an edit, undo or redo is appended to the head, whole or not at all
editing.py      what a revision changes: edits parsed and applied, the values they supply
uploads.py      media files that come with an edit, staged until the edit is accepted
planning.py     the plan of a lecture as it is, or as it would be after edits
copying.py      copy a lecture as a variant
renaming.py     give a lecture another id
deleting.py     delete a lecture, but for its costs
importing.py    import a lecture that was made elsewhere
import_queue.py, background_import.py   import many in the background: queue them; carry them out in a thread
promoting.py    make a shadow a lecture like any other
rollout.py      the rule that leaves new lectures to another system
access_tokens.py, webhook_endpoints.py  tokens of the API; where webhooks go
garbage.py      delete unreferenced bytes
media_copy.py   copy all media between a folder and a bucket
leftovers.py    files of killed workers, and replies that are no longer needed
store_check.py  `lectures doctor`: database, media, replies, leftovers
"""
