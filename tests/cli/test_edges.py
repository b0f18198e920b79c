"""Paths, places and settings that nobody can work with: a sentence and an exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest

from tests.cases import FIXTURES
from tests.postgres.command import ENVIRONMENT, run
from timingctl.cli.watching import repeated
from timingctl.errors import InputError
from timingctl.stop import Stopped

TOUR = FIXTURES / "tour"
LONG = "n" * 245  # itself a name, but with .manifest.json none
LONGER = "n" * 256
NOWHERE = "postgresql://nobody@192.0.2.1/app"
TOO_LONG = "File name too long"
CIRCLE = "Too many levels of symbolic links"


def timingctl(*arguments: object, folder: Path | None = None) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of the command line in a folder, run in this process."""
    with chdir(folder or Path.cwd()):
        return run(*arguments)


def process(
    *arguments: object,
    folder: Path | None = None,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
    environment: dict[str, str] | None = None,
) -> tuple[int, str | None, str]:
    """The exit code, stdout and stderr of a process in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "timingctl", *map(str, arguments)],
        stdout=stdout, stderr=stderr, text=True, check=False, cwd=folder,
        env=ENVIRONMENT | (environment or {}),
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("events") / "events.parquet"
    assert timingctl("build", TOUR, "-o", output, "-q") == (0, "", "")
    return output


@pytest.mark.parametrize(
    ("code", "says", "arguments"),
    [
        (10, f"{LONG}.csv cannot be written: {TOO_LONG}.", ("build", TOUR, "-o", f"{LONG}.csv")),
        (10, f"{LONGER}.csv cannot be written: {TOO_LONG}.",
         ("build", TOUR, "-o", f"{LONGER}.csv")),
        (10, f"{LONGER}.csv cannot be written: {TOO_LONG}.",
         ("windows", TOUR, "-o", f"{LONGER}.csv")),
        (10, f"{LONGER}.html cannot be written: {TOO_LONG}.",
         ("report", "{events}", "--html", f"{LONGER}.html")),
        (10, f"{LONGER}.csv cannot be written: {TOO_LONG}.",
         ("diff", "{events}", "{events}", "--rows", f"{LONGER}.csv")),
        (10, f"{LONGER} cannot be made: {TOO_LONG}.", ("pull", "--dsn", NOWHERE, "-o", LONGER)),
        (10, f"{LONGER} cannot be written to: {TOO_LONG}.", ("generate", LONGER)),
        (10, f"No temporary folder in {LONGER}: {TOO_LONG}. Give another with --temp-dir.",
         ("build", TOUR, "--temp-dir", LONGER)),
        (11, f"{LONGER} does not exist; give a folder of exports.", ("build", LONGER)),
        (11, f"--table: no file matches {LONGER}.", ("build", TOUR, "--table", f"Lead={LONGER}")),
        (11, f"{LONGER} cannot be read: {TOO_LONG}.", ("report", LONGER)),
        (11, f"{LONGER} cannot be read: {TOO_LONG}.", ("push", LONGER, "--dsn", NOWHERE)),
        (11, f"{LONGER} is no folder; give a case, a folder of cases, or an inbox.",
         ("verify", LONGER)),
        (10, f"loop/e.csv cannot be written: {CIRCLE}.", ("build", TOUR, "-o", "loop/e.csv")),
        (10, f"loop/r.html cannot be written: {CIRCLE}.",
         ("report", "{events}", "--html", "loop/r.html")),
        (10, f"loop/x cannot be made: {CIRCLE}.", ("pull", "--dsn", NOWHERE, "-o", "loop/x")),
        (10, f"No temporary folder in loop: {CIRCLE}. Give another with --temp-dir.",
         ("build", TOUR, "--temp-dir", "loop")),
        (11, "loop is a link that leads nowhere.", ("build", "loop")),
        (11, "loop is a link that leads nowhere.", ("build", TOUR, "--table", "Message=loop")),
        (11, "loop is no folder; give a case, a folder of cases, or an inbox.", ("verify", "loop")),
    ],
)  # fmt: skip
def test_names_too_long_and_links_in_a_circle(
    tmp_path: Path, events: Path, code: int, says: str, arguments: tuple[object, ...]
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    given = [str(one).format(events=events) for one in arguments]
    assert timingctl(*given, folder=tmp_path) == (code, "", f"Error: {says}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]


@pytest.mark.parametrize(
    "arguments", [("push", "{dsn}"), ("diff", "{dsn}", TOUR), ("report", TOUR, "--leads", "{dsn}")]
)
def test_a_database_where_a_file_is_meant(arguments: tuple[object, ...]) -> None:
    given = [str(one).format(dsn="postgresql://u:secret@db.example/app") for one in arguments]
    code, out, err = timingctl(*given)
    assert (code, out, "secret" in err) == (2, "", False)
    assert "it cannot be a database; give a file or folder, as build or pull writes." in err


_GONE = "No such file or directory"


@pytest.mark.parametrize(
    ("code", "says", "arguments"),
    [
        (10, f"events.parquet cannot be written: {_GONE}.", ("build", TOUR)),
        (11, ". is empty: no Message, AIDraft or BackgroundJob. "
             "Put e.g. Message.csv there, or give --table Message=FILE.", ("build", ".")),
        (10, f"x.html cannot be written: {_GONE}.", ("report", "{events}", "--html", "x.html")),
        (10, f"d.csv cannot be written: {_GONE}.", ("diff", "{events}", "x", "--rows", "d.csv")),
        (11, "x.csv does not exist.", ("diff", "{events}", "x.csv")),
        (10, f"w.csv cannot be written: {_GONE}.", ("windows", TOUR, "-o", "w.csv")),
        (10, f"made cannot be written to: {_GONE}.", ("generate", "made")),
        (10, f"No temporary folder in t: {_GONE}. Give another with --temp-dir.",
         ("build", TOUR, "-o", "{events}", "--temp-dir", "t")),
        (11, "fixtures is no folder; give a case, a folder of cases, or an inbox.", ("verify",)),
    ],
)  # fmt: skip
def test_a_current_folder_that_is_gone(
    tmp_path: Path, events: Path, code: int, says: str, arguments: tuple[object, ...]
) -> None:
    given = [str(one).format(events=events) for one in arguments]
    folder = tmp_path / "gone"
    folder.mkdir()
    with chdir(folder):
        folder.rmdir()
        assert run(*given) == (code, "", f"Error: {says}\n")


def test_a_process_starts_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    tool = Path(sys.executable).with_name("timingctl")
    folder = tmp_path / "gone"
    folder.mkdir()
    done = subprocess.run(
        ["sh", "-c", script, "sh", folder, tool, "build", TOUR],
        capture_output=True, text=True, check=False, env=ENVIRONMENT,
    )  # fmt: skip
    says = f"Error: events.parquet cannot be written: {_GONE}.\n"
    assert (done.returncode, done.stdout, done.stderr) == (10, "", says)


def test_a_current_folder_that_is_too_deep(
    tmp_path: Path, events: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(20):
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    cases: list[tuple[int, tuple[object, ...]]] = [
        (0, ("build", TOUR, "-q")),
        (0, ("report", events, "--html", "x.html", "-q")),
        (11, ("build", ".", "-q")),
        (10, ("verify", TOUR, "--temp-dir", ".", "-q")),
        (10, ("report", "events.parquet", "-q")),
    ]
    for code, arguments in cases:
        found, out, err = run(*arguments)
        assert (found, out) == (code, ""), err
        assert "Traceback" not in err
        assert err.count("\n") == bool(code)


@pytest.mark.parametrize("value", ["0", "many", "-1", ""])
@pytest.mark.parametrize("name", ["POLARS_MAX_THREADS", "POLARS_ASYNC_THREAD_COUNT"])
def test_a_number_of_threads_that_libraries_die_of(tmp_path: Path, name: str, value: str) -> None:
    arguments = ("build", TOUR, "-o", tmp_path / "e.csv")
    says = f"Error: {name} is {value!r}; set it to a number from 1 on, or unset it.\n"
    assert run(*arguments, **{name: value}) == (10, "", says)
    if value == "0":  # in a process that has not loaded them
        assert process(*arguments, environment={name: value}) == (10, "", says)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [("explain", TOUR, "msg-013"), ("report", TOUR, "-q")])
def test_a_width_of_nothing_is_none(arguments: tuple[object, ...]) -> None:
    assert run(*arguments, COLUMNS="0") == run(*arguments, COLUMNS="80")


@pytest.mark.parametrize("width", ["wide", "-5", "²", "9" * 5_000])
def test_a_size_that_is_no_number_is_none(width: str) -> None:
    told = run("explain", TOUR, "msg-013", COLUMNS="80")
    assert run("explain", TOUR, "msg-013", COLUMNS=width, LINES=width) == told


def test_results_are_utf_8_whatever_the_locale() -> None:
    code, out, err = process("lead", "--help", environment={"PYTHONIOENCODING": "ascii"})
    assert (code, "+ is late, − early" in str(out), err) == (0, True, "")


_BROKEN = """
import sys
from unittest import mock
import timingctl.cli
from timingctl.__main__ import main
class Panic(BaseException): pass
kind = {"KeyError": KeyError, "Panic": Panic}[sys.argv.pop(1)]
fails = mock.Mock(side_effect=kind("postgresql://u:secret@h/d is what was read"))
with mock.patch("timingctl.postgres.ddl.script", fails):
    main()
"""


@pytest.mark.parametrize("kind", ["KeyError", "Panic"])
def test_a_bug_is_told_as_one(kind: str) -> None:
    def broken(*arguments: str, **environment: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-c", _BROKEN, kind, *arguments],
            capture_output=True, text=True, check=False, env=ENVIRONMENT | environment,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    bug = f"Error: This is a bug of timingctl ({kind})."
    again = "Run it again as `timingctl --debug ...` and report it with what that prints."
    assert broken("schema") == (70, "", f"{bug} {again}\n")
    for code, out, err in (broken("--debug", "schema"), broken("schema", TIMINGCTL_DEBUG="1")):
        assert (code, out) == (70, "")
        assert err.startswith("Traceback (most recent call last):\n")
        assert err.endswith(f"{bug} Report it with the lines above.\n")
        assert "secret" not in err


def test_debug_changes_nothing_else() -> None:
    assert timingctl("--debug", "schema") == timingctl("schema")


def test_nobody_reads_stdout() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert process("schema", stdout=writer)[0::2] == (128 + signal.SIGPIPE, "")
    finally:
        os.close(writer)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("build", "nowhere"), 11), (("build", TOUR, "-o", "events.txt"), 2), (("--nonsense",), 2)],
)
def test_a_full_stderr_leaves_the_exit_code(
    tmp_path: Path, arguments: tuple[object, ...], code: int
) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        assert process(*arguments, folder=tmp_path, stderr=full)[:2] == (code, "")
    finally:
        os.close(full)


@pytest.mark.wide(but=1)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_what_stands_although_stdout_is_full_is_told(tmp_path: Path, more: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    cases: dict[str, tuple[object, ...]] = {
        "e.csv": ("build", TOUR, "-o", "e.csv"),
        "w.csv": ("windows", TOUR, "-o", "w.csv"),
        "made": ("generate", "made", "--leads", "2"),
    }
    try:
        for name, arguments in cases.items():
            done = process(*arguments, *more, folder=tmp_path, stdout=full)
            says = "Error: stdout cannot be written to: No space left on device."
            assert done == (10, None, f"{says} {name} was written all the same.\n")
            assert (tmp_path / name).exists()
    finally:
        os.close(full)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("suffix", [".PARQUET", ".Csv", ".NDJSON"])
def test_a_suffix_in_any_case(tmp_path: Path, suffix: str) -> None:
    here, there = tmp_path / f"e{suffix}", tmp_path / f"e{suffix.lower()}"
    for output in (here, there):
        assert timingctl("build", TOUR, "-o", output, "-q") == (0, "", "")
    assert here.read_bytes() == there.read_bytes()
    assert timingctl("diff", here, there, "-q") == (0, "", "")


def test_a_password_beside_bytes_that_are_no_text_is_not_shown() -> None:
    dsn = b"postgresql://app:secret@host/d\xe9"
    done = subprocess.run(
        [sys.executable, "-m", "timingctl", "build", dsn],
        capture_output=True, text=True, check=False, env=ENVIRONMENT,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "postgresql://app:***@host/d\\udce9 is no UTF-8" in done.stderr
    assert "secret" not in done.stderr


def test_what_a_watch_says_obeys_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    runs = iter([None, InputError("a \x1b[31mred\x1b[0m name."), Stopped()])

    def once() -> None:
        if failure := next(runs):
            raise failure

    repeated(once, "1ms")
    said = r"Error: a \x1b[31mred\x1b[0m name. Trying again in 1ms." + "\n"
    assert capsys.readouterr().err == said
