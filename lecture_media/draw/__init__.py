"""A picture for a prompt. START HERE: `painter.py`.

prompt --reading.py--> subjects, view, style --layout.py--> places --drawings/--> shapes --ink.py--> pixels --finish.py--> PNG

subjects.py  what can be drawn, by which words        emblem.py    what is drawn where no subject is known
stage.py     where things may stand                   scenery.py   what is behind them
joints.py, sequence.py, labels.py  arrows and lenses, message diagrams, names
style.py     colours and lines                        pen.py       shapes are written down
"""
