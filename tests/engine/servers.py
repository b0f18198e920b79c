"""Engines to build on: Sail in this process, and Spark where it is there."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest

from tests.faults.tool import wait_until

#: Where `make test-long` puts Apache Spark.
SPARK = Path(__file__).parents[2] / "build" / "spark" / "pyspark"
_QUIET = {"RUST_LOG": "error"}


@contextmanager
def sail(mode: str, host: str = "127.0.0.1") -> Iterator[str]:
    """The URL of Sail in this process, in a mode: local or local-cluster."""
    with mock.patch.dict(os.environ, {**_QUIET, "SAIL_MODE": mode}):
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer(ip=host, port=0)
        server.start(background=True)
    try:
        yield f"sc://{host}:{server.listening_address[1]}"
    finally:
        server.stop()


@contextmanager
def spark(folder: Path, master: str = "local[2]") -> Iterator[tuple[str, int]]:
    """The URL of Apache Spark in a process of its own, and its id; skips the test without it."""
    home = Path(os.environ.get("SPARK_HOME", SPARK))
    if not (home / "bin" / "spark-submit").exists() or shutil.which("java") is None:
        pytest.skip(f"no Apache Spark in {home}, or no Java; `make build/spark` puts it there")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.port": port,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 2,
        "spark.local.dir": folder,
    }
    log = (folder / "spark.log").open("w")
    with log, subprocess.Popen(
        [
            home / "bin" / "spark-submit", "--master", master, "--driver-memory", "2g",
            *(part for key, value in settings.items() for part in ("--conf", f"{key}={value}")),
            "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal",
        ],
        env={**os.environ, "SPARK_HOME": str(home)}, cwd=folder, stdout=log, stderr=log,
    ) as process:  # fmt: skip
        try:
            wait_until(lambda: _answers(port) or process.poll() is not None)
            assert process.poll() is None, (folder / "spark.log").read_text()[-2000:]
            yield f"sc://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
