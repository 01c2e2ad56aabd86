"""Replicate: pictures, clips and music.

adapter.py        START HERE: `ports.Provider`, from the request to the finished prediction
requests.py       the input of a prediction, by the names that each model uses
predictions.py    what a prediction delivers, how it failed and what it cost
client.py         the vendor's own package, which does the sending
"""
