"""A client of lectures' API: a typed method for each operation of `operations.graphql`, and `watch`, which survives reconnecting.

connecting.py   opens a client, and watches lectures
open_types.py   what stands for types of later releases
generated       the methods and their types, written by the project's tests from its schema
"""

from .connecting import LectureEvent, open_client, watch
from .generated import *  # noqa: F403 - all that operations.graphql names
from .generated import LecturesClient
from .open_types import OtherEvent, OtherProblem, OtherType, Problem

__all__ = ["LectureEvent", "LecturesClient", "OtherEvent", "OtherProblem", "OtherType", "Problem", "open_client", "watch"]
