"""What people meet when they use reports: ids, narrow screens, nothing found, files of tables."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.bad_input.tool import timingctl, write
from tests.report.cases import write_events
from timingctl.cli import terminal
from timingctl.cli.render import Console
from timingctl.grid import Grid, Heading
from timingctl.reports.sections import USUAL

TOUR = Path(__file__).parents[2] / "fixtures" / "tour"
UNA, UMA = "5f0c9a4e-7f0e-4b52-9f0b-1d1c9f1f6a10", "5f0d9a4e-7f0e-4b52-9f0b-1d1c9f1f6a11"
EVENTS = f"""
    id | lead  | client | in       | setter   | by
    m1 | lead1 | Kay    | 10:00:00 | 10:30:00 | {UNA}
    m2 | lead2 | Kay    | 11:00:00 | 11:03:58 | {UMA}
    m3 | leanne | Lou    | 12:00:00 |          |
"""


@pytest.fixture
def events(tmp_path: Path) -> Path:
    return write_events(tmp_path / "events.csv", EVENTS)


def test_in_a_pipe_ids_are_whole_and_no_line_ends_in_blanks(events: Path) -> None:
    every = [part for name in USUAL for part in ("--section", name)]
    done = timingctl("report", events, *every, COLUMNS="40")
    assert UNA in done.out
    assert UMA in done.out
    assert "…" not in done.out
    assert not [line for line in done.out.splitlines() if line.endswith(" ")]
    assert "Delay check" not in done.out  # the AI sent nothing
    assert "Drift" not in done.out


@pytest.mark.parametrize("width", [24, 30, 40, 60, 80])
def test_on_a_terminal_no_number_is_cut(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    headings = [Heading("Who", number=False, wide=True), *map(Heading, ("n", "p50", "p90", "Mean"))]
    row = [UNA, "1,234,567", "28.4s", "2d03h", "100.0%"]
    terminal.show(Console(force_terminal=True, width=width, color_system=None),
                  Grid("Responders", headings, [row]))  # fmt: skip
    out = capsys.readouterr().out
    assert all(text in out for text in row[1:])
    assert max(map(len, out.splitlines())) <= max(width, len("Who: 5f0c9a4e-7f…1f6a10"))


_SENTENCE = "The share answered within an hour is 20 points lower than in the time before: 79.4%."


@pytest.mark.parametrize("before", [[], ["What is found"]])
@pytest.mark.parametrize("width", [30, 60, 80])
def test_on_a_terminal_sentences_are_broken_at_blanks(
    width: int, before: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [[*before, _SENTENCE], [*before, "And another."]]
    headings = [Heading("", number=False)] * len(rows[0])
    console = Console(force_terminal=True, width=width, color_system=None)
    terminal.show(console, Grid("In words", headings, rows))
    lines = capsys.readouterr().out.splitlines()[2:]
    assert max(map(len, lines)) <= width
    kept = [line.removeprefix(*before) if before else line for line in lines]
    assert " ".join(" ".join(kept).split()) == f"{_SENTENCE} And another."


@pytest.mark.parametrize(
    ("width", "parts"),
    [
        (34, ["Who n Mean ≤ 5min p90"]),
        (30, ["Who n Mean ≤ 5min", "Who p90"]),
        (20, ["Who n", "Who Mean ≤ 5min", "Who p90"]),
        (12, ["Who n", "Who Mean ≤ 5min", "Who p90"]),
    ],
)
def test_in_a_pipe_parts_of_a_wide_table_share_a_line_where_they_fit(
    width: int, parts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """With a blank line between them, and none has the keys alone."""
    titles = {"n": 1, "Mean": 2, "≤ 5min": 2, "p90": 3}
    headings = [Heading("Who", number=False), *(Heading(t, part=p) for t, p in titles.items())]
    row = ["K", "1,234", "31m25s", "100.0%", "31m25s"]
    terminal.show(Console(width=width), Grid("Responders", headings, [row]))
    shown = capsys.readouterr().out.removeprefix("\nResponders\n").split("\n\n")
    assert [" ".join(part.splitlines()[0].split()) for part in shown] == parts


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--responder", "user:5f0c"], 1),
        (["--responder", f"user:{UNA}"], 1),
        (["--responder", "user:Una", "--names", "{names}"], 1),
        (["--client", "K"], 2),
        (["--client", "Lou"], 1),
    ],
)
def test_the_beginning_of_an_id_will_do(events: Path, options: list[str], count: int) -> None:
    names = events.with_name("names.csv")
    names.write_text(f"userId,name\n{UNA},Una\n")
    given = [option.replace("{names}", str(names)) for option in options]
    done = timingctl("report", events, *given, "--json", "--section", "overview")
    assert done.code == 0
    assert json.loads(done.out)["overview"]["events"] == count


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["report", "--responder", "user:5f0"], f"Several responders start with 5f0: {UNA}, {UMA}"),
        (
            ["lead", "lea"],
            "Several leads start with lea: lead1, lead2, leanne. Give more of the id.",
        ),
        (["lead", "x"], "There is no event of the lead x in "),
    ],
)
def test_the_beginning_of_several_ids_is_an_error(
    events: Path, command: list[str], says: str
) -> None:
    done = timingctl(command[0], events, *command[1:])
    assert (done.code, done.out) == (11, "")
    assert says in done.err


def test_a_name_of_two_users_is_no_name_of_one(events: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text(f"userId,name\n{UNA},Una\n{UMA},Una\n")
    done = timingctl("report", events, "--names", names, "--responder", "user:Una")
    assert (done.code, done.out) == (11, "")
    assert done.err == f"Error: Several users are called Una: {UNA}, {UMA}. Give the id.\n"


def test_a_lead_and_a_message_by_the_beginning_of_the_id(events: Path, tmp_path: Path) -> None:
    whole, begun = (timingctl("lead", events, one, "--json") for one in ("leanne", "lean"))
    assert [json.loads(done.out)["leadId"] for done in (whole, begun)] == ["leanne", "leanne"]
    assert whole.err == ""
    assert begun.err == "Note: lean is the beginning of leanne, and of no other lead.\n"
    exports = write(tmp_path / "exports", {})
    assert json.loads(timingctl("explain", exports, "A", "--json").out)["messageId"] == "A"


def test_a_whole_id_wins_over_longer_ones(tmp_path: Path) -> None:
    text = "id | lead | in\nm1 | l1 | 10:00:00\nm2 | l12 | 10:00:00"
    done = timingctl("lead", write_events(tmp_path / "e.csv", text), "l1", "--json")
    assert [row["inboundMessageId"] for row in json.loads(done.out)["anchors"]] == ["m1"]


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--from", "2026-03-01", "--to", "2026-02-01"], "--from (2026-03-01T00:00:00.000000Z) is"),
        (["--from", "2026-03-01"], "No events match;"),
        (["--channel", "fax"], "Unknown channel fax; there are email."),
        (["--responder", "user:nobody"], "Unknown responder nobody; there are 5f0c"),
    ],
)
def test_nothing_found_is_said(events: Path, options: list[str], says: str) -> None:
    done = timingctl("report", events, *options)
    assert done.code == 0
    assert says in done.err
    assert timingctl("report", events, *options, "--fail-empty").code == 1


def test_what_is_not_empty_does_not_fail(events: Path) -> None:
    """A slip beside a filter that fits is said; the beginning of an id is none."""
    done = timingctl(
        "report", events, "--fail-empty", "--channel", "fax", "--channel", "email", "--client", "L"
    )
    assert done.code == 0
    assert done.err.splitlines()[1:] == ["Note: Unknown channel fax; there are email."]


def test_names_of_nobody_and_lead_data_without_bookings_are_said(
    events: Path, tmp_path: Path
) -> None:
    names = tmp_path / "names.csv"
    names.write_text("userId,name\nu9,Nina\n")
    exports = write(tmp_path / "exports", {})
    done = timingctl("report", events, "--names", names, "--exports", exports)
    assert f"Note: {names}: no setter of the events is among its 1 name.\n" in done.err
    assert "No booking outcomes: Lead.csv has no column appointmentBookedAt; export" in done.err


def test_a_folder_of_tables(events: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    done = timingctl("report", events, "-o", folder, "--format", "csv")
    assert (done.code, done.out) == (0, "")
    assert f"Written: {folder}\n" in done.err
    assert len(list(folder.iterdir())) == 8
    with (folder / "responders.csv").open() as file:
        assert [row["key"] for row in csv.DictReader(file)] == [f"user:{UNA}", f"user:{UMA}"]


def test_a_table_never_replaces_what_is_read(events: Path) -> None:
    trend = events.rename(events.with_name("trend.csv"))
    before = trend.read_bytes()
    done = timingctl("report", trend, "-o", trend.parent)
    assert (done.code, done.out) == (10, "")
    assert f"{trend} is an input; write the tables somewhere else." in done.err
    assert trend.read_bytes() == before


def test_a_folder_with_other_files(events: Path, tmp_path: Path) -> None:
    """What somebody else wrote is not replaced, though it is called like a section."""
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    two = ("-o", folder, "-q", "--section", "overview", "--section", "trend")
    assert timingctl("report", events, *two).code == 0
    assert timingctl("report", events, *two).code == 0
    (folder / "overview.csv").write_text("mine")
    done = timingctl("report", events, *two)
    says = f"{folder}/overview.csv was not written by timingctl; move it away, or write the tables"
    assert (done.code, says in done.err) == (10, True)
    assert timingctl("report", events, "-o", folder, "--section", "trend", "-q").code == 0
    assert [(folder / name).read_text() for name in ("overview.csv", "notes.txt")] == ["mine"] * 2


def test_a_section_that_is_not_there_any_more_leaves_no_file(events: Path, tmp_path: Path) -> None:
    folder, inbox = tmp_path / "tables", tmp_path / "inbox.duckdb"
    assert timingctl("build", TOUR, "-o", inbox, "-q").code == 0
    sections = ("-q", "--section", "waits", "--section", "trend", "-o", folder)
    assert timingctl("report", inbox, *sections).code == 0
    timingctl("report", inbox, "-q", "--section", "overview", "-o", folder)
    assert sorted(path.stem for path in folder.iterdir()) == ["overview", "trend", "waits"]
    assert timingctl("report", events, *sections).code == 0
    assert sorted(path.stem for path in folder.iterdir()) == ["overview", "trend"]


def test_tables_of_nothing_are_no_files(events: Path, tmp_path: Path) -> None:
    done = timingctl("report", events, "--section", "waits", "-o", tmp_path / "tables")
    assert (done.code, (tmp_path / "tables").exists()) == (0, False)
    assert "No waits: that needs an inbox" in done.err


def test_a_workbook_has_a_sheet_a_section(events: Path, tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    options = ("report", events, "-q", "--section", "trend", "--section", "responders", "-o", book)
    assert (timingctl(*options).code, timingctl(*options).err) == (0, "")
    first = book.read_bytes()
    timingctl(*options)
    assert book.read_bytes() == first
    with zipfile.ZipFile(book) as parts:
        sheets = parts.read("xl/workbook.xml").decode()
        trend = parts.read("xl/worksheets/sheet3.xml").decode()
    assert sheets.index('name="responders"') < sheets.index('name="trend"')
    assert 'state="frozen"' in trend
    assert "<v>46062</v>" in trend  # Monday, 9 February 2026, as a day
    assert '<c r="C2"><v>2</v></c>' in trend


def test_parquet_says_what_its_columns_mean(tmp_path: Path) -> None:
    exports, output = write(tmp_path / "exports", {}), tmp_path / "events.parquet"
    assert timingctl("build", exports, "-o", output, "-q").code == 0
    schema = pq.read_schema(output)
    assert schema.field("setterResponseMs").metadata[b"description"] == (
        b"milliseconds from the anchor, floor; null: no setter answered in the turn"
    )
    assert all(b"description" in field.metadata for field in schema)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ("tables/overview.csv/", "tables/overview.csv is a folder; move it away, or give another"),
        ("tables", "tables cannot be made a folder"),
    ],
)
def test_a_folder_that_cannot_take_the_tables(
    events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if made.endswith("/"):
        Path(made).mkdir(parents=True)
    else:
        Path(made).write_text("mine")
    done = timingctl("report", events, "-o", "tables", "-q")
    assert (done.code, done.out) == (10, "")
    assert says in done.err
    assert [path.name for path in Path().glob("tables/*")] == ["overview.csv"] * (made != "tables")


def test_a_workbook_has_instants_as_instants(events: Path, tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    assert timingctl("report", events, "-q", "--section", "overview", "-o", book).code == 0
    with zipfile.ZipFile(book) as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode()
    assert "<v>46063.416666" in sheet  # 2026-02-10 10:00:00 UTC, the first inbound
