"""`timingctl report` and `timingctl lead` as a user meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.terminal import at_a_terminal
from tests.cli.test_build import timingctl
from tests.report.cases import write_events, write_leads
from timingctl.reports.sections import USUAL

USER = "5f0c9a4e-7f0e-4b52-9f0b-1d1c9f1f6a10"
EVENTS = f"""
    id | lead | channel | in       | setter   | by | ai | min | max | chosen | actual | due
    m1 | l1   | email   | 10:00:00 | 10:30:00 | {USER} | 10:05:12 | 180 | 420 | 300 | 312 | 10:05:00
    m2 | l1   | email   | 11:00:00 |          |        | 11:03:58 | 180 | 420 | 240 | 238 | 11:04:00
    m3 | l1   | sms     | 12:00:00 | 12:00:45 | {USER} |          |     |     |     |     |
    m4 | l2   | email   | 13:00:00 | 13:00:45 | u[2]   |          |     |     |     |     |
"""
LEADS = "id | booked\nl1 | 2026-02-11\nl2 | "


@pytest.fixture
def events(tmp_path: Path) -> Path:
    return write_events(tmp_path / "events.csv", EVENTS)


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    return write_leads(tmp_path / "Lead.csv", LEADS)


def on_a_terminal(*arguments: object, **environment: str) -> str:
    """What the command writes to a terminal."""
    code, written = at_a_terminal("stdout", *arguments, **environment)
    assert code == 0
    return written


#: All sections, named: else a screen shows the summary.
EVERY = tuple(part for name in USUAL for part in ("--section", name))


def test_a_screen_shows_the_summary(events: Path, leads: Path) -> None:
    written = timingctl("report", events, "--leads", leads, COLUMNS="80").stdout
    lines = [" ".join(line.split()) for line in written.splitlines()]
    assert "Answered first 2 by a setter, 2 by the AI, of 4 answered messages" in lines
    assert lines[-1].startswith("More --by setter, --by client, --section trend")
    assert len(lines) < 24
    assert "Overview" not in lines


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("columns", ["80", "200"])
def test_the_tables_fit_the_screen(events: Path, leads: Path, columns: str) -> None:
    written = on_a_terminal("report", events, "--leads", leads, *EVERY, COLUMNS=columns)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", written).splitlines()
    assert max(map(len, lines)) <= int(columns)
    titles = ("Overview", "Responders", "First response time", "Trend")
    assert all(title in lines for title in titles)
    assert "…" not in written.replace("5f0c9a4e-7f…1f6a10", "")
    assert ("5f0c9a4e-7f…1f6a10" in written) == (columns == "80")


def test_what_stands_in_the_tables(events: Path, leads: Path) -> None:
    done = timingctl("report", events, "--leads", leads, *EVERY, COLUMNS="200")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert (
        lines[0] == "Inbounds from the first to 2026-12-31 00:00:00Z, as of 2026-12-31 00:00:00Z."
    )
    assert "Answered by a setter 3" in lines
    assert "AI 2 4m35s 4m35s 5m04s 5m08s 5m11s" in lines
    assert "AI 2 50.0% 4m35s 5m04s 4m35s 50.0% 1 0 0 0 0 1 100.0% 20.7–100.0%" in lines
    assert "u[2] 1 25.0% 45.0s 45.0s 45.0s 100.0% 0 1 0 0 0 1 0.0% 0.0–79.3%" in lines
    assert "180–420s 2026-02 2 2 0 0 0 0 100.0%" in lines


def test_a_terminal_gets_style_and_no_colour_when_told(events: Path) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*(3[0-7]|4[0-7]|9[0-7]|38|48)[0-9;]*m")
    assert "\x1b[1m" in on_a_terminal("report", events)
    assert not colour.search(on_a_terminal("report", events, NO_COLOR="1"))


def test_pipes_get_no_escape_codes_whatever_is_set(events: Path) -> None:
    done = timingctl("report", events, FORCE_COLOR="1", CLICOLOR_FORCE="1", TTY_COMPATIBLE="1")
    assert "\x1b" not in done.stdout


def test_json_is_exact_and_in_full(events: Path, leads: Path) -> None:
    done = timingctl("report", events, "--leads", leads, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["responders"][0]["key"] == "ai"
    assert f"user:{USER}" in [row["key"] for row in document["responders"]]
    assert done.stdout == timingctl("report", events, "--leads", leads, "--format", "json").stdout


@pytest.mark.parametrize("text_format", [("csv", "--section", "responders"), ("markdown",)])
def test_other_data_formats_go_to_stdout(events: Path, text_format: tuple[str, ...]) -> None:
    done = timingctl("report", events, "--format", *text_format)
    assert done.returncode == 0
    assert USER in done.stdout
    assert done.stderr == (
        "Note: No booking outcomes: give the app's Lead table, with appointmentBookedAt, "
        "by --leads FILE or --exports DIR.\n"
    )


def test_the_options_narrow_the_report(events: Path) -> None:
    def count(*options: str) -> int:
        done = timingctl("report", events, "--format", "json", "--section", "overview", *options)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)["overview"]["events"]
        assert isinstance(found, int)
        return found

    assert count() == count("--responder", "all", "--responder", "ai") == 4
    assert count("--responder", "ai") == 2
    assert count("--responder", "ai", "--responder", f"user:{USER}") == 3
    assert count("--channel", "sms", "--channel", "email") == 4
    assert count("--from", "2026-02-10T11:00:00", "--to", "2026-02-10T13:00:00Z") == 2
    assert count("--from", "2026-02-10T11:00", "--tz", "Europe/Berlin") == 4
    assert count("--business-hours", "Tue 11:00-12:01") == 4
    assert count("--business-hours", "Tue 11:00-12:01", "--only", "in-hours") == 2


def test_empty_windows_and_unknown_clients_are_told_kindly(events: Path) -> None:
    done = timingctl("report", events, "--client", "nobody")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "No events match."
    assert (
        f"Note: No events match; {events} holds 4, from 2026-02-10T10:00:00.000000Z to "
        "2026-02-10T13:00:00.000000Z. Unknown client nobody; there are K.\n" in done.stderr
    )
    asked = ("--from", "2030-01-01", "--section", "overview", "--format", "json")
    done = timingctl("report", events, *asked)
    assert (done.returncode, json.loads(done.stdout)["overview"]["events"]) == (0, 0)


def test_a_file_without_events_is_exit_11(leads: Path) -> None:
    done = timingctl("report", leads)
    assert (done.returncode, done.stdout) == (11, "")
    assert done.stderr.startswith(
        "Error: Lead.csv is no file of events: it has no clientId, leadId"
    )
    assert "inboundSentAt" in done.stderr


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--section", "all"], 2, "'all' is not one of"),
        (["--responder", "me"], 2, "did you mean 'user:me'?"),
        (["--from", "tomorrow"], 2, "'tomorrow' is no instant"),
        (["--business-hours", "always"], 2, "'always' is not like Mon-Fri 09:00-17:00."),
        (["--attribution-days", "-1"], 2, "-1 is not in the range"),
        (["--tz", "Mars/Olympus"], 10, "'Mars/Olympus' is no time zone"),
        (["--html", "nowhere/report.html"], 10, "is no folder that can be written to"),
        (["--html", "{events}"], 10, "is an input"),
        (["--html", "report.pdf"], 2, "'report.pdf' is no page; give a name that ends in .html."),
        (["-o", "report.pdf"], 2, "'report.pdf' is neither a folder nor a workbook"),
        (["--format", "csv"], 2, "name it by --section, or give -o DIR for a file a section."),
        (["-o", "{events}"], 10, "is an input"),
        (["--leads", "nowhere.csv"], 11, "nowhere.csv does not exist"),
    ],
)
def test_wrong_usage(events: Path, options: list[str], code: int, why: str) -> None:
    done = timingctl("report", events, *(option.format(events=events) for option in options))
    assert (done.returncode, done.stdout) == (code, "")
    assert why in done.stderr


def test_a_page_is_written_beside_what_is_printed(events: Path, tmp_path: Path) -> None:
    html = tmp_path / "report.html"
    one = ("--html", html, "--section", "overview")
    done = timingctl("report", events, *one, "--format", "json")
    assert json.loads(done.stdout)["overview"]["events"] == 4
    assert html.read_text().startswith("<!doctype html>")
    done = timingctl("report", events, *one, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_names_and_top(events: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text(f"userId,name\n{USER},Una \x1b[31mRed\n")
    options = ["--names", names, "--section", "responders", "-q"]
    done = timingctl("report", events, *options)
    assert r"Una \x1b[31mRed" in done.stdout
    assert "\x1b" not in done.stdout
    done = timingctl("report", events, *options, "--top", "1", "--format", "json")
    assert [row["key"] for row in json.loads(done.stdout)["responders"]] == ["ai"]


def test_lead(events: Path) -> None:
    written = re.sub(r"\x1b\[[0-9;]*m", "", on_a_terminal("lead", events, "l1"))
    assert max(map(len, written.splitlines())) <= 80
    done = timingctl("lead", events, "l1", COLUMNS="100")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert [line for line in lines if line.strip("─")] == [
        "email",
        "Inbound Setter After AI after Chosen Actual Drift",
        "2026-02-10 11:00:00Z no setter response – 3m58s 240s 238s −2.0s",
        "2026-02-10 10:00:00Z 5f0c9a4e-7f0e-4b52-9f0b-1d1c9f1f6a10 30m00s 5m12s 300s 312s +12.0s",
        "sms",
        "Inbound Setter After AI after Chosen Actual Drift",
        "2026-02-10 12:00:00Z 5f0c9a4e-7f0e-4b52-9f0b-1d1c9f1f6a10 45.0s – – – –",
    ]


def test_lead_as_json_has_the_latest_of_each_channel(events: Path) -> None:
    done = timingctl("lead", events, "l1", "--limit", "1", "--format", "json")
    document = json.loads(done.stdout)
    assert [document[name] for name in ("leadId", "openWaits")] == ["l1", None]
    assert [anchor["inboundMessageId"] for anchor in document["anchors"]] == ["m2", "m3"]
    assert document["anchors"][0] == {
        "channel": "email", "inboundMessageId": "m2",
        "inboundSentAt": "2026-02-10T11:00:00.000000Z", "setterUserId": None, "setter": None,
        "setterResponseSentAt": None, "setterResponseMs": None,
        "aiResponseSentAt": "2026-02-10T11:03:58.000000Z", "aiResponseMs": 238_000,
        "aiChosenDelaySeconds": 240, "aiActualDelaySeconds": 238, "driftMs": -2000,
    }  # fmt: skip


def test_a_lead_that_is_not_there_is_told_kindly(events: Path) -> None:
    done = timingctl("lead", events, "nobody")
    assert (done.returncode, done.stdout) == (11, "")
    assert done.stderr == (
        f"Error: There is no event of the lead nobody in {events}. Events do not tell of leads "
        "whom nobody has answered: ask an inbox, or exports.\n"
    )
