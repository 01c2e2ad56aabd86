"""Collectors and writers at the same time, both killed at random: no object that somebody refers to is ever lost.

Each writer is a process that stores media and refers to them in the database, as a worker does: first the bytes, then the row. Some
bytes are wanted by several writers, some again after they were garbage. Collectors sweep all the time, with a grace that is
longer than any writer takes from the bytes to the row. Processes are killed with SIGKILL. In the end every object that is
referred to is there and whole; all garbage is gone after the grace and two more sweeps.
"""

import hashlib
import os
import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import make_url

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.artifact_bucket import ArtifactBucket
from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.artifacts import Artifacts, Condition
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import migrate
from lecture_assets_tests.processes import start
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.postgres import execute, postgres_server
from lecture_assets_tests.store.s3_media import media_in, new_bucket, s3_environ

OBJECTS, WRITERS, COLLECTORS, KILLS = (10_000, 8, 2, 60) if THOROUGH else (120, 3, 1, 4)
GRACE_S = 20.0 if THOROUGH else 4.0
"""Longer than a writer takes from the bytes to the row, also where all of them wait for two cores."""
AWS = ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")
