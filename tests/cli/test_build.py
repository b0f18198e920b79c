"""`timingctl build` as a user meets it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path

import polars as pl
import pytest

from tests.bad_input import tool
from tests.cases import FIXTURES
from tests.faults.tool import INTERRUPTED, Work, finish

TOUR = FIXTURES / "tour"
UNUSABLE = FIXTURES / "unusable_rows"


def timingctl(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in this process."""
    done = tool.timingctl(*arguments, **environment)
    return subprocess.CompletedProcess([*map(str, arguments)], done.code, done.out, done.err)


def test_the_summary_goes_to_stdout_and_nothing_to_stderr(tmp_path: Path) -> None:
    done = timingctl("build", TOUR, "-o", tmp_path / "e.parquet")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "Message 32 32 0 0" in lines
    assert "Events 11: 7 by a setter, 6 by the AI, 3 by both, 1 by neither" in lines
    assert "Windows 0 history, 0 inferred, 9 current, 2 none" in lines
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "e.parquet",
        "e.parquet.manifest.json",
    ]


def test_json_prints_the_manifest(tmp_path: Path) -> None:
    done = timingctl("build", TOUR, "-o", tmp_path / "e.parquet", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (tmp_path / "e.parquet.manifest.json").read_text()
    document = json.loads(done.stdout)
    assert document["asOf"] == "2026-02-12T10:00:00.000000Z"
    assert document["tables"]["Lead"] == {
        "files": ["Lead.csv"],
        "rowsRead": 6,
        "used": 6,
        "exactDuplicates": 0,
        "rejected": {},
    }
    assert document["events"]["total"] == 11
    sources = {"history": 0, "inferred": 0, "current": 9, "none": 2}
    assert document["events"]["delayWindows"] == sources
    assert str(tmp_path) not in done.stdout
    assert str(FIXTURES) not in done.stdout


def test_the_parquet_carries_the_as_of_and_the_version(tmp_path: Path) -> None:
    timingctl("build", TOUR, "-o", tmp_path / "e.parquet", "--as-of", "2026-03-01T12:00:00+02:00")
    metadata = pl.read_parquet_metadata(tmp_path / "e.parquet")
    assert metadata["timingctl.asOf"] == "2026-03-01T10:00:00.000000Z"
    assert metadata["timingctl.version"]


def test_quiet_says_nothing_but_warnings(tmp_path: Path) -> None:
    assert timingctl("build", TOUR, "-o", tmp_path / "e.parquet", "-q").stdout == ""
    done = timingctl("build", UNUSABLE, "-o", tmp_path / "e.parquet", "-q")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        "Note: There is no EmailCampaign: no delay window of today is known.\n"
        "Warning: unusable rows left out: 6 of Message, 1 of AIDraft, 1 of BackgroundJob; "
        f"see {tmp_path}/e.parquet.rejects.ndjson\n"
    )


def test_verbose_tells_the_steps_on_stderr(tmp_path: Path) -> None:
    done = timingctl("build", TOUR, "-o", tmp_path / "e.parquet", "-v", "--json")
    assert "Reading Message\n" in done.stderr
    assert "Writing events\n" in done.stderr
    json.loads(done.stdout)


def test_rejects_by_reason_stand_in_the_summary_and_the_manifest(tmp_path: Path) -> None:
    done = timingctl("build", UNUSABLE, "-o", tmp_path / "e.parquet")
    assert "different rows under one id" in done.stdout
    document = json.loads((tmp_path / "e.parquet.manifest.json").read_text())
    assert document["tables"]["Message"] == {
        "files": ["Message.csv"],
        "rowsRead": 9,
        "used": 2,
        "exactDuplicates": 1,
        "rejected": {
            "different rows under one id": 2,
            "lead not in Lead": 1,
            "no sentAt": 1,
            "unknown direction": 1,
            "unreadable timestamp": 1,
        },
    }


def test_strict_makes_any_reject_an_error(tmp_path: Path) -> None:
    done = timingctl("build", UNUSABLE, "-o", tmp_path / "e.parquet", "--strict")
    assert (done.returncode, done.stdout) == (11, "")
    assert done.stderr.startswith("Error: Unusable rows, and --strict was given (2 of Message: ")
    assert list(tmp_path.iterdir()) == []
    assert timingctl("build", TOUR, "-o", tmp_path / "e.parquet", "--strict").returncode == 0


def test_every_option_can_come_from_the_environment(tmp_path: Path) -> None:
    done = timingctl(
        "build",
        TOUR,
        TIMINGCTL_BUILD_OUTPUT=str(tmp_path / "e.csv"),
        TIMINGCTL_BUILD_SINCE="2026-02-10",
        TIMINGCTL_BUILD_UNTIL="2026-02-11",
        TIMINGCTL_BUILD_SETTER_RULE="next",
        TIMINGCTL_BUILD_THREADS="1",
        TIMINGCTL_BUILD_MEMORY_LIMIT="500MB",
        TIMINGCTL_BUILD_TEMP_DIR=str(tmp_path),
        TIMINGCTL_BUILD_JSON="1",
    )
    document = json.loads(done.stdout)
    assert document["options"]["since"] == "2026-02-10T00:00:00.000000Z"
    assert document["options"]["setterRule"] == "next"
    sent = pl.read_csv(tmp_path / "e.csv")["inboundSentAt"]
    assert [text[:10] for text in sent] == ["2026-02-10"] * len(sent)
    assert len(sent) == 4


def test_threads_and_memory_are_no_part_of_the_manifest(tmp_path: Path) -> None:
    first = timingctl("build", TOUR, "-o", tmp_path / "a.parquet", "--json")
    second = timingctl(
        "build",
        TOUR,
        "-o",
        tmp_path / "b.parquet",
        "--json",
        "--threads",
        1,
        "--memory-limit",
        "1GB",
    )
    assert first.stdout == second.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["build", "nowhere"], 11, "Error: nowhere does not exist; give a folder of exports."),
        (["build", TOUR, "--memory-limit", "lots"], 10,
         "Error: --memory-limit 'lots' is no amount of memory; write it like 2GB or 512MB."),
        (["build", TOUR, "--memory-limit", "1MB"], 10, "Error: Not enough memory"),
        (["build", TOUR, "--temp-dir", "nowhere"], 10, "Error: No temporary folder in nowhere"),
        (["build", TOUR, "-o", "nowhere/e.parquet"], 10, "is no folder that can be written to"),
        (["build", TOUR, "--table", "Foo=x.csv"], 11, "Error: 'Foo' is no table; the tables are"),
        (["build", TOUR, "--table", "Lead=x.csv"], 11, "Error: --table: no file matches x.csv."),
        (["build", TOUR, "--table", "Lead"], 2, "'Lead' is not of the form Message=GLOB."),
        (["build", TOUR, "-o", "e.xlsx"], 2, "is none of .parquet, .csv, .ndjson, .duckdb."),
        (["build", TOUR, "--since", "lately"], 2, "'lately' is no instant"),
        (["build", TOUR, "--setter-rule", "first"], 2, "'first' is not one of 'turn', 'next'."),
        (["build", TOUR, "--delay-windows", "x.csv"], 2, "'x.csv' does not exist."),
        (["build"], 2, "Missing argument 'SOURCE'."),
        (["biuld"], 2, "No such command 'biuld'."),
    ],
)  # fmt: skip
def test_one_sentence_and_an_exit_code(
    arguments: list[object],
    code: int,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = timingctl(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "exports"
    shutil.copytree(TOUR, source)
    before = (source / "Lead.csv").read_bytes()
    done = timingctl("build", source, "-o", source / "Lead.csv")
    assert (done.returncode, done.stderr) == (
        10,
        f"Error: {source}/Lead.csv is an input; give another output by -o.\n",
    )
    assert (source / "Lead.csv").read_bytes() == before


def test_control_characters_of_a_file_name_are_shown_escaped(tmp_path: Path) -> None:
    source = tmp_path / "exports"
    shutil.copytree(UNUSABLE, source)
    output = tmp_path / "e\x1b[31m.parquet"
    done = timingctl("build", source, "-o", output)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert r"\x1b[31m" in "".join(done.stdout.split())  # a long path goes over several lines


def test_a_failed_build_leaves_the_previous_output(tmp_path: Path) -> None:
    source = tmp_path / "exports"
    shutil.copytree(UNUSABLE, source)
    output = tmp_path / "e.parquet"
    assert timingctl("build", source, "-o", output).returncode == 0
    before = {path.name: path.read_bytes() for path in tmp_path.glob("e.parquet*")}
    assert len(before) == 3
    (source / "AIDraft.csv").write_text("id,channel\nd\n")
    assert timingctl("build", source, "-o", output).returncode == 11
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert after == before


#: Steps and statements of a build, in order; at the last it has begun to replace what was there.
POINTS = ("Reading Message", "insert into import_message", "/* sql/events/anchor.sql */",
          "Writing events", "rename e.parquet.manifest.json")  # fmt: skip


@pytest.mark.wide(but=1)
@pytest.mark.races
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_no_partial_file(
    tmp_path: Path, number: signal.Signals, code: int, big_exports: Path, thorough: bool
) -> None:
    """The signal comes as the run does what follows a point; at the last point, before that.

    Each signal at some of the points, together at all, where there are no hours.
    """
    output, spill = tmp_path / "e.parquet", tmp_path / "spill"
    spill.mkdir()
    output.write_bytes(b"previous")
    arguments = ("build", big_exports, "-o", output, "--temp-dir", spill, "--threads", "1", "-q")
    work = Work([arguments], [], [], dict, spill)
    some = POINTS[number == signal.SIGTERM :: 2]
    for point in POINTS if thorough else some:
        if point == POINTS[-1]:  # nothing follows in which the run could still hear of it
            done = work.signalled(number, point, 0)
        else:
            with work.paused(point, 0) as process:
                process.send_signal(number)
                done = finish(process)
        assert (done.code, done.out, done.err) == (code, "", INTERRUPTED), point
        assert list(spill.iterdir()) == []
        left = sorted(path.name for path in tmp_path.glob("*e.parquet*"))
        if point == POINTS[-1]:
            assert left == ["e.parquet", "e.parquet.manifest.json"]
            assert len(pl.read_parquet(output)) == 30_000
        else:
            assert left == ["e.parquet"], point
            assert output.read_bytes() == b"previous"


@pytest.fixture(scope="module")
def big_exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 60,000 messages: enough to be interrupted in the middle."""
    folder = tmp_path_factory.mktemp("big")
    count = 60_000
    frame = pl.select(number=pl.int_range(count)).with_columns(inbound=pl.col("number") % 2 == 0)
    frame.select(
        id=pl.format("message-{}", "number"),
        leadId=pl.format("lead-{}", pl.col("number") // 20),
        channel=pl.lit("email"),
        direction=pl.when("inbound").then(pl.lit("inbound")).otherwise(pl.lit("outbound")),
        sentAt=pl.datetime(2026, 1, 1) + pl.duration(minutes="number"),
        clientId=pl.lit("K"),
    ).write_csv(folder / "Message.csv")
    (folder / "AIDraft.csv").write_text("id,triggerMessageId,channel,createdAt\n")
    (folder / "BackgroundJob.csv").write_text(
        "id,type,messageId,draftId,runAt,startedAt,finishedAt\n"
    )
    return folder
