"""`timingctl delay` as a user meets it."""

from __future__ import annotations

import functools
import json
import os
import random
import subprocess
import sys
import uuid
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bad_input.tool import run
from tests.model import chosen
from timingctl.cli import cli

VECTORS = Path(__file__).parents[1] / "spec" / "delay_vectors.json"
WINDOW = ("--min", "180", "--max", "420")


def delay(*arguments: str, ids: bytes = b"", code: int = 0) -> subprocess.CompletedProcess[bytes]:
    """What the command line prints, run in this process."""
    done = run(["delay", *arguments], {}, stdin=ids)
    assert done.code == code, done.err
    return subprocess.CompletedProcess(arguments, done.code, done.out.encode(), done.err.encode())


def test_a_line_an_id_in_the_order_given() -> None:
    done = delay("b", "a", "b", *WINDOW)
    assert (done.stdout, done.stderr) == (b"b\t278\na\t277\nb\t278\n", b"")
    assert delay(*WINDOW, ids=b"b\na\nb\n").stdout == done.stdout


def test_the_arithmetic() -> None:
    lines = delay("polygenelubricants", *WINDOW, "--explain").stdout.decode()
    assert lines == (
        "polygenelubricants\n"
        "  hash       -2147483648\n"
        "  |hash|     2147483648\n"
        "  range      420 − 180 = 240\n"
        "  remainder  2147483648 mod (240 + 1) = 128\n"
        "  chosen     180 + 128 = 308 s\n"
    )


@pytest.mark.parametrize(("low", "high", "span"), [(300, 300, 0), (400, 399, -1), (400, 200, -200)])
def test_the_arithmetic_of_a_constant_delay(low: int, high: int, span: int) -> None:
    lines = delay("a", "--min", str(low), "--max", str(high), "--explain").stdout.decode()
    assert lines == (
        "a\n  hash       97\n  |hash|     97\n"
        f"  range      {high} − {low} = {span}, not above 0: the delay is min\n"
        f"  chosen     {low} s\n"
    )


def test_json_has_four_keys_and_explained_eight() -> None:
    assert delay("a", *WINDOW, "--json").stdout == (
        b'{"id":"a","minSeconds":180,"maxSeconds":420,"chosenSeconds":277}\n'
    )
    assert json.loads(delay("polygenelubricants", *WINDOW, "--json", "--explain").stdout) == {
        "id": "polygenelubricants", "minSeconds": 180, "maxSeconds": 420, "chosenSeconds": 308,
        "hash": -2147483648, "absoluteHash": 2147483648,
        "rangeSeconds": 240, "remainderSeconds": 128,
    }  # fmt: skip
    constant = json.loads(delay("a", "--min", "9", "--max", "8", "--json", "--explain").stdout)
    assert (constant["rangeSeconds"], constant["remainderSeconds"]) == (-1, None)


def test_every_vector_that_javascript_computed() -> None:
    windows: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for case in json.loads(VECTORS.read_text(encoding="utf-8")):
        windows[case["min"], case["max"]][case["id"]] = case["chosen"]
    invoke = functools.partial(CliRunner().invoke, catch_exceptions=False)
    for (low, high), expected in windows.items():
        command = ["delay", "--min", str(low), "--max", str(high), "--json"]
        said = invoke(cli, [*command, "--", *expected]).stdout
        rows = [json.loads(line) for line in said.removesuffix("\n").split("\n")]
        assert [(row["id"], row["chosenSeconds"]) for row in rows] == list(expected.items())
        lines = [text for text in expected if text and "\n" not in text and text[-1] != "\r"]
        read = invoke(cli, command, input="\n".join(lines)).stdout
        again = [json.loads(line) for line in read.split("\n") if line]
        assert again == [row for row in rows if row["id"] in lines]


@pytest.mark.parametrize(
    "ids",
    [b"a\nb\n", b"a\nb", b"a\r\nb\r\n", b"a\r\nb", b"\xef\xbb\xbfa\nb\n"],
    ids=["newlines", "no last newline", "CRLF", "CRLF, no last newline", "byte order mark"],
)
def test_ends_of_lines(ids: bytes) -> None:
    assert delay(*WINDOW, ids=ids).stdout == b"a\t277\nb\t278\n"


def test_no_ids_give_no_lines() -> None:
    assert delay(*WINDOW).stdout == b""


def test_an_id_is_taken_as_it_is() -> None:
    assert delay(*WINDOW, "--json", ids=b' a"\\\x01\ta \n').stdout == (
        b'{"id":" a\\"\\\\\\u0001\\ta ","minSeconds":180,"maxSeconds":420,"chosenSeconds":'
        + str(chosen(' a"\\\x01\ta ', 180, 420)).encode()
        + b"}\n"
    )
    assert delay(*WINDOW, "-", "").stdout.splitlines() == [b"-\t225", b"\t180"]


def test_control_characters_are_shown_escaped() -> None:
    hostile = "x\x1b[31m\ty\u202e\nz [bold]"
    for form in ((), ("--explain",)):
        said = delay(hostile, *WINDOW, *form).stdout.decode()
        assert said.startswith(r"x\x1b[31m\ty\u202e\nz [bold]")
    assert json.loads(delay(hostile, *WINDOW, "--json").stdout)["id"] == hostile


@pytest.mark.wide(but=4)
@pytest.mark.parametrize(
    ("ids", "sentence"),
    [
        (b"a\n\nb\n", b"stdin, line 2 is empty; give one id a line."),
        (b"a\n\r\nb\n", b"stdin, line 2 is empty; give one id a line."),
        (b"\n", b"stdin, line 1 is empty; give one id a line."),
        (b"a\nb\xff\n", b"stdin, line 2 is no UTF-8 text; convert it first."),
        (b"\xef\xbb\xbfa\n\xff\n", b"stdin, line 2 is no UTF-8 text; convert it first."),
        (b"a\xc3\n\xa9b\n", b"stdin, line 1 is no UTF-8 text; convert it first."),
        (b"a\n" * 3_000_000 + b"\xff", b"stdin, line 3000001 is no UTF-8 text; convert it first."),
        (b"a\n" * 3_000_000 + b"\n", b"stdin, line 3000001 is empty; give one id a line."),
        (b"a" * (70 * 1024**2), b"stdin has a line longer than 64 MB; give one id a line."),
    ],
    ids=range(9),
)
def test_lines_that_are_no_ids(ids: bytes, sentence: bytes) -> None:
    assert delay(*WINDOW, ids=ids, code=11).stderr == b"Error: " + sentence + b"\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("a", "--min", "1"), "Missing option '--max'"),
        (("a", "--min", "1.5", "--max", "2"), "'1.5' is not a valid integer range."),
        (("a", "--min", "0", "--max", "2147483648"), "2147483648 is not in the range"),
        (("a", "--min", "-2147483649", "--max", "0"), "-2147483649 is not in the range"),
        (("a\udcff", *WINDOW), r"a\udcff is no UTF-8; rename it, or write it in UTF-8."),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], sentence: str) -> None:
    done = delay(*arguments, code=2)
    assert done.stdout == b""
    assert sentence in done.stderr.decode()


@pytest.mark.wide
def test_many_ids_stream_through_in_bounded_memory(tmp_path: Path) -> None:
    numbers = random.Random(5)
    some = [str(uuid.UUID(int=numbers.getrandbits(128))) for _ in range(100_000)]
    output = tmp_path / "delays.ndjson"
    peaks = []
    for times in (5, 40):  # 19 and 148 MB of ids
        with (tmp_path / "ids.txt").open("w") as file:
            for _ in range(times):
                file.write("\n".join(some) + "\n")
        with (tmp_path / "ids.txt").open("rb") as source, output.open("wb") as target:
            process = subprocess.Popen(
                [sys.executable, "-m", "timingctl", "delay", *WINDOW, "--json"],
                stdin=source, stdout=target,
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        peaks.append(usage.ru_maxrss)
    few, many = peaks
    assert many < few + 100_000  # kilobytes; what it wrote alone is four times that
    with output.open() as file:
        said = [json.loads(next(file))["chosenSeconds"] for _ in range(100)]
        assert said == [chosen(text, 180, 420) for text in some[:100]]
        assert sum(1 for _ in file) == 3_999_900


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("form", [(), ("--json",), ("--explain",)])
def test_a_reader_that_has_enough_ends_it_quietly(form: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("an id that makes the output longer than a pipe\n" * 100_000)
    with (tmp_path / "ids.txt").open("rb") as source:
        process = subprocess.Popen(
            [sys.executable, "-m", "timingctl", "delay", *WINDOW, *form],
            stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        process.wait(timeout=30)


def test_a_full_disk_is_an_error_in_a_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "timingctl", "delay", "a", *WINDOW],
            stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        10,
        b"Error: stdout cannot be written to: No space left on device.\n",
    )
