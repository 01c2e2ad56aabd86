"""What other programs use: GraphQL for a product backend, and a server of the Model Context Protocol for assistants.

`lectures serve` serves GraphQL and REST alone, Dagster's webserver beside Dagster's own fields.

schema.graphql            START HERE: the contract, documented field by field
schema.py                 the schema with its resolvers attached by name, alone or added to another schema
request.py                what one request shares: the lectures of its workspace, one view of the database
query_fields.py           what can be asked for at the root
lecture_view.py, lecture_fields.py      a lecture: what is read of it once; its fields
node_fields.py            the fields of a node, its explanation and takes
plan_fields.py, cost_fields.py   the fields of plans and costs
values.py                 what nodes hold, as the types of the schema
paging.py                 lists by cursor
edit_input.py, brief_input.py, import_input.py   typed edits, briefs and imports, checked
rollout_fields.py, import_job_fields.py, shadow_fields.py, legacy.graphql   what moves lectures over from another system
mutations.py              what changes lectures; regeneration_mutations.py what queues and withdraws regenerations
access.py                 who sends a request, by its access token, and what they may do
once.py                   a request that has a name is done once
attempt.py, problems.py   why something was not done, as data
budget.py                 how much each sender may still ask for
overlaps.py               how often validation would compare fields
cost_limits.py            how much a request may ask for, told before it is executed
bodies.py                 bodies as JSON, counted before they are parsed
execution.py              one operation: parsed, limited, validated, executed
plain_fields.py           fields that are read off their object, executed quickly
errors.py                 what clients are told of errors
http_endpoint.py          operations over HTTP
socket_endpoint.py, socket_session.py   operations and subscriptions over the protocol graphql-transport-ws
signed_urls.py, url_fields.py           URLs of media and events that need no token
rest_routes.py            START HERE for plain HTTP: the routes
rest.graphql, rest_operations.py        the operations that REST is, and its routes; rest_endpoint.py carries them out
openapi.py, openapi_streams.py, json_schemas.py   openapi.json, from the types of the schema
http_sender.py, http_problems.py        who sends a request; why it was not carried out, as a problem of RFC 9457
timeline_endpoint.py      a timeline to which the patches of events apply
media_endpoint.py, media_files.py       media, to whom they belong; files as answers, with ranges and ETags
kept_texts.py             texts that many are told, put into words once
event_answers.py          what subscriptions are told of events
events_endpoint.py, event_stream.py, event_text.py   a lecture's progress as server-sent events
progress.py, progress.graphql           where subscriptions get a lecture's progress from, and their part of the schema
guard.py                  refuses what foreign web pages send, here and before Dagster's webserver
patient_http.py           HTTP/1.1, with an end to its patience
server.py                 the server of `lectures serve`
mcp_server.py             the server of `lectures mcp`

It knows neither Dagster nor the command line, and reads no files of this machine for anybody.
"""
