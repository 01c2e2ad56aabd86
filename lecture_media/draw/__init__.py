"""Draw a picture for a prompt.

prompt --reading.py--> subjects, view, style --layout.py--> places --drawings/--> shapes --ink.py--> pixels --finish.py--> PNG

    painter.py     START HERE: runs these steps
    subjects.py    what can be drawn, and the words for it
    emblem.py      what is drawn if no subject is known
    stage.py       the part of the picture where things may be placed
    scenery.py     what is behind them
    joints.py      arrows, threads and lenses between them
    sequence.py    message diagrams
    labels.py      names beside the drawings
    style.py       colours and lines
    pen.py         records shapes
"""
