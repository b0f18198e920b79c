"""A session on an engine: what has to be installed, made, set, and released in the end."""

from __future__ import annotations

import importlib
import sys
import threading
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from timingctl.engine.faults import CONNECTING, Doing, engine_errors, reach
from timingctl.engine.session import LAST_WORDS_S, Engine
from timingctl.extras import extra
from timingctl.stop import left_to_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql.connect.session import SparkSession

    from timingctl.engine.address import Address
    from timingctl.engine.scratch import EngineScratch

#: A call that finds nobody is repeated so often, which takes some seconds.
_RETRIES = 3
#: What makes results depend on the data alone.
_SETTINGS: dict[str, str | int | bool] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}


@contextmanager
def _no_doctest() -> Iterator[None]:
    """While pyspark loads: it takes a main module without a file, as of `python -c`, for a doctest.

    Then it ends the process, unless there is a prompt.
    """
    has_prompt = hasattr(sys, "ps1")
    sys.ps1 = getattr(sys, "ps1", "")
    try:
        yield
    finally:
        if not has_prompt:
            del sys.ps1


def check_installed() -> None:
    """Raise SettingsError without the extra `spark`, before anything is read."""
    with extra("spark", "--engine"), warnings.catch_warnings(), _no_doctest():
        warnings.simplefilter("ignore")  # of pandas, which nothing here uses
        for module in ("sqlglot", "pyspark.sql.connect.session"):
            importlib.import_module(module)


@contextmanager
def connected(address: Address, scratch: EngineScratch) -> Iterator[Engine]:
    """A session on the engine, released afterwards. Raises DatabaseError when there is none."""
    check_installed()
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")  # is said in our own words
    reach(address)
    with engine_errors(Doing(address, scratch.uri, CONNECTING)):
        session = SparkSession(address.url)
        session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
        left_to_itself(lambda: session.conf._set_all(configs=_SETTINGS, silent=True))
    try:
        yield Engine(session, address, scratch)
    finally:
        leaving = threading.Thread(target=_release, args=(session,), daemon=True)
        leaving.start()
        leaving.join(LAST_WORDS_S)


def _release(session: SparkSession) -> None:
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session.client.set_retry_policies([])
        session.stop()
