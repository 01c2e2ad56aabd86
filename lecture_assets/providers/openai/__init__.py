"""OpenAI, and any server with the same API: texts, speech and pictures.

adapter.py     START HERE: `ports.Provider`, from the request to the stored reply
requests.py    the body of a request, for each role
server.py      sends a body in the server's dialect, and turns refusals into errors
dialect.py     which parts of the API a server refuses, remembered on disk
client.py      the vendor's own package, which does the sending
replies.py     what a reply contains and what it cost
"""
