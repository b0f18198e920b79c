"""Stopping: what a signal does to a process that listens, wherever the process is."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.tool import INTERRUPTED, start

pytestmark = pytest.mark.races

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
#: What runs the tests may have been told to ignore signals, and its processes with it.
_AS_USUAL = """
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
"""
#: A process that says what becomes of it, and runs what follows.
_BEGIN = """
import os, signal, sys, threading, time
from timingctl import stop

def hears(number):
    os.kill(os.getpid(), number)
    while not stop.asked():
        time.sleep(0.001)

number = int(sys.argv[1])
stop.listen()
"""


@contextmanager
def process(code: str, number: int, before: str = _AS_USUAL) -> Iterator[subprocess.Popen[str]]:
    """A process that listens and runs the code."""
    found = subprocess.Popen(
        [sys.executable, "-c", before + _BEGIN + code, str(int(number))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield found
    finally:
        found.kill()
        found.communicate()


def out(code: str, number: int = 0, before: str = _AS_USUAL) -> tuple[int, str]:
    """What a process that runs the code ends with, and prints."""
    with process(code, number, before) as found:
        printed, said = found.communicate(timeout=60)
        assert said == ""
        return found.returncode, printed


@pytest.mark.parametrize("number", CODES)
def test_nothing_is_torn_out_of_what_it_does(number: int) -> None:
    code = """
class Object:
    def __del__(self):
        hears(number)
        print("deleted")
Object()
exec("hears(number); print('executed')")
print("went on")
try:
    stop.check()
except stop.Stopped:
    print("stopped")
"""
    assert out(code, number) == (0, "deleted\nexecuted\nwent on\nstopped\n")


@pytest.mark.wide(but=2)
@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("modules", ["polars", "duckdb", "adbc_driver_postgresql.dbapi"])
def test_no_library_hears_of_a_signal(number: int, modules: str) -> None:
    code = f"""
import {modules}
hears(number)
import polars
print(polars.DataFrame({{"n": [2, 1]}}).lazy().sort("n").collect()["n"].to_list())
"""
    assert out(code, number) == (0, "[1, 2]\n")


@pytest.mark.parametrize("number", CODES)
def test_what_can_be_woken_is_woken_until_it_ends(number: int) -> None:
    code = """
woken = threading.Semaphore(0)
try:
    with stop.waking(woken.release):
        hears(number)
        woken.acquire()  # too early, it may be
        woken.acquire()
        raise ValueError("as a library says that it was interrupted")
except stop.Stopped as stopped:
    print(type(stopped.__cause__).__name__)
try:
    with stop.waking(print):
        print("never here")
except stop.Stopped:
    print("and nothing begins any more")
"""
    assert out(code, number) == (0, "ValueError\nand nothing begins any more\n")


def test_an_error_that_no_stop_has_caused_is_an_error() -> None:
    code = """
try:
    with stop.waking(print):
        raise ValueError
except ValueError:
    print("an error")
"""
    assert out(code) == (0, "an error\n")


@pytest.mark.parametrize("number", CODES)
def test_what_cannot_be_woken_is_left(number: int) -> None:
    code = """
threading.Thread(target=hears, args=(number,)).start()
try:
    stop.left_to_itself(sys.stdin.read)
except stop.Stopped:
    print("left", flush=True)
    os._exit(0)
"""
    assert out_while_stdin_is_open(code, number) == (0, "left\n")


def out_while_stdin_is_open(code: str, number: int) -> tuple[int, str]:
    """As `out`, but nobody ends the input of the process."""
    with process(code, number) as found:
        assert found.stdout is not None
        printed = found.stdout.read()
        return found.wait(60), printed


def test_work_that_is_left_to_itself_gives_what_it_gives() -> None:
    code = """
print(stop.left_to_itself(lambda: 7))
for work in (lambda: 1 / 0, lambda: stop.left_to_itself(threading.Event().wait, 0.01)):
    try:
        stop.left_to_itself(work)
    except (ZeroDivisionError, TimeoutError) as error:
        print(type(error).__name__)
"""
    assert out(code) == (0, "7\nZeroDivisionError\nTimeoutError\n")


def test_a_second_signal_ends_the_process_at_once() -> None:
    code = """
hears(signal.SIGTERM)
os.kill(os.getpid(), signal.SIGTERM)  # as a wrapper passes on what the terminal has sent
print("once", flush=True)
while True:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)
"""
    assert out(code) == (130, "once\n")


def test_one_signal_is_one_however_long_it_takes_to_be_heard() -> None:
    code = """
stop._SAME_S = 0  # as on a machine so busy that it is over before anything is done
started = threading.Event()
with stop.waking(started.set):
    hears(signal.SIGHUP)
    started.wait()
    print("went on", flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait()
"""
    assert out(code) == (143, "went on\n")


def test_a_signal_that_the_process_is_to_ignore_is_ignored() -> None:
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    code = """
os.kill(os.getpid(), signal.SIGINT)
hears(signal.SIGTERM)
print(stop.asked() == signal.SIGTERM)
"""
    assert out(code, before=ignoring) == (0, "True\n")


@pytest.mark.parametrize("number", CODES)
def test_a_signal_is_heard_once_verify_has_started_a_process(number: int) -> None:
    code = """
from timingctl.verify.apart import one_thread

with one_thread() as apart:
    apart.submit(abs, -1).result()
    hears(number)
    print("went on")
"""
    assert out(code, number) == (0, "went on\n")


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_does_not_answer_is_left(number: signal.Signals, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.settimeout(60)
        dsn = f"postgresql://app@127.0.0.1:{deaf.getsockname()[1]}/app?connect_timeout=600"
        connecting = start("timingctl", "pull", "--dsn", dsn, "-o", tmp_path, "-q")
        client, _ = deaf.accept()
        with client:
            connecting.send_signal(number)
            printed, said = connecting.communicate(timeout=60)
    assert (connecting.returncode, printed, said) == (CODES[number], "", INTERRUPTED)
