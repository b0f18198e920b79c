"""Options from the environment and from timingctl.toml: what counts, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bad_input.tool import Done, cases, timingctl
from tests.cases import FIXTURES
from tests.report.cases import write_events

EVENTS = """
    id | lead | channel | in       | setter   | by | ai | min | max | chosen | actual | due
    m1 | l1   | email   | 10:00:00 | 10:30:00 | u1 |    |     |     |        |        |
    m2 | l1   | sms     | 11:00:00 | 11:03:00 | u2 |    |     |     |        |        |
"""


@pytest.fixture(autouse=True)
def _in_a_folder_with_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_events(tmp_path / "events.csv", EVENTS)


def report(*options: object, **environment: str) -> Done:
    return timingctl("report", "events.csv", "-q", *options, **environment)


def written(text: str, name: str = "timingctl.toml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def sections(done: Done) -> list[str]:
    assert (done.code, done.err) == (0, "")
    known = ("overview", "responders", "trend")
    return [section for section in known if section in json.loads(done.out)]


def test_a_variable_is_for_one_command() -> None:
    done = report(TIMINGCTL_REPORT_FORMAT="json", TIMINGCTL_REPORT_SECTION="overview trend")
    assert sections(done) == ["overview", "trend"]
    done = timingctl("lead", "events.csv", "l1", TIMINGCTL_REPORT_FORMAT="csv")
    assert (done.code, done.err) == (0, "")


def test_the_command_line_goes_before_the_environment_before_the_file() -> None:
    assert sections(report("--json")) == ["overview", "responders", "trend"]
    written('[report]\nsection = ["overview"]\nformat = "json"\ntop = 1\n')
    assert sections(report()) == ["overview"]
    assert sections(report(TIMINGCTL_REPORT_SECTION="trend")) == ["trend"]
    assert sections(report("--section", "responders", TIMINGCTL_REPORT_SECTION="trend")) == [
        "responders"
    ]
    assert len(json.loads(report("--section", "responders").out)["responders"]) == 1
    assert report("--format", "csv").out.startswith("section,")


def test_json_is_the_format_and_the_last_one_typed_counts() -> None:
    one = ("--section", "overview")
    assert report(*one, "--json").out == report(*one, "--format", "json").out
    assert report(*one, "--json", "--format", "csv").out.startswith("section,")
    assert report(*one, "--format", "csv", "--json").out.startswith("{")
    assert report(*one, "--json", TIMINGCTL_REPORT_FORMAT="csv").out.startswith("{")
    shown = timingctl("lead", "events.csv", "l1", "--json")
    assert json.loads(shown.out)["leadId"] == "l1"


def test_flags_and_dates_in_a_file() -> None:
    written(
        '[report]\nformat = "json"\nsection = ["overview"]\n'
        "from = 2026-02-10T11:00:00Z\nquiet = true\n"
    )
    assert json.loads(timingctl("report", "events.csv").out)["overview"]["events"] == 1
    assert timingctl("report", "events.csv").err == ""
    assert timingctl("report", "events.csv", TIMINGCTL_REPORT_QUIET="0").err.startswith("Note: ")


def test_a_file_that_is_named_goes_instead_of_the_one_that_is_there() -> None:
    written('[report]\nformat = "nothing like it"\n')
    other = written('[report]\nformat = "json"\nsection = ["overview"]\n', "other.toml")
    assert timingctl("--config", other, "report", "events.csv", "-q").out.startswith("{")
    assert report(TIMINGCTL_CONFIG=other).out.startswith("{")
    done = timingctl("--config", "/dev/null", "report", "events.csv", "-q")
    assert (done.code, done.err) == (0, "")
    done = timingctl("--config", "nowhere.toml", "report", "events.csv")
    assert (done.code, done.out) == (2, "")
    assert "File 'nowhere.toml' does not exist." in done.err


@pytest.mark.parametrize(
    ("name", "says"),
    cases(
        ("misspelt", "TIMINGCTL_REPORT_FROMAT",
         "is read by no command; did you mean TIMINGCTL_REPORT_FORMAT?"),
        ("without its command", "TIMINGCTL_FORMAT",
         "is read by no command; did you mean TIMINGCTL_REPORT_FORMAT or TIMINGCTL_EFFECTS_FORMAT "
         "or TIMINGCTL_LIST_FORMAT or TIMINGCTL_LEAD_FORMAT or TIMINGCTL_GENERATE_FORMAT?"),
        ("of one command", "TIMINGCTL_SETTER_RULE",
         "is read by no command; did you mean TIMINGCTL_BUILD_SETTER_RULE or "
         "TIMINGCTL_EXPLAIN_SETTER_RULE?"),
        ("far from all", "TIMINGCTL_XYZZY", "is read by no command."),
        ("a switch", "TIMINGCTL_REPORT_JSON",
         "is read by no command; did you mean TIMINGCTL_REPORT_FORMAT?"),
        ("the DSN by command", "TIMINGCTL_PUSH_DSN",
         "is read by no command; did you mean TIMINGCTL_DSN or DATABASE_URL?"),
        ("deletes", "TIMINGCTL_PUSH_PRUNE",
         "is not read: --prune deletes or rewrites, so it must be typed on the command line."),
        ("rewrites", "TIMINGCTL_UPDATE",
         "is not read: --update deletes or rewrites, so it must be typed on the command line."),
        ("help", "TIMINGCTL_REPORT_HELP",
         "is read by no command; did you mean TIMINGCTL_REPORT_HTML?"),
    ),
)  # fmt: skip
def test_variables_refused(name: str, says: str) -> None:
    done = report(**{name: "1"})
    assert (done.code, done.out, done.err) == (2, "", f"Error: {name} {says}\n")


def test_variables_of_nobody_command_are_let_be() -> None:
    done = report(TIMINGCTL_DSN="postgresql://none", TIMINGCTL_DEBUG="", TIMINGCTLX="1")
    assert (done.code, done.err) == (0, "")


def test_a_wrong_value_names_its_variable() -> None:
    done = report(TIMINGCTL_REPORT_TOP="many")
    assert (done.code, done.out) == (2, "")
    assert "Invalid value for '--top' (from TIMINGCTL_REPORT_TOP): 'many'" in done.err


@pytest.mark.parametrize(
    ("text", "says"),
    cases(
        ("no TOML", "[report\n", "is no TOML: Expected ']' at the end of a table declaration (at "
         "line 1, column 8)."),
        ("unknown table", "[reprot]\n", "reprot is no command; did you mean [report]?"),
        ("no table", "report = 1\n", "report is no table; write [report], then its options."),
        ("outside of a table", 'format = "csv"\n',
         "format stands outside of a table; write it below the command that it is for, such as "
         "[report]."),
        ("unknown key", '[report]\nfromat = "csv"\n',
         "fromat in [report] is no option of report; did you mean format?"),
        ("key of another", '[lead]\nsection = ["trend"]\n',
         "section in [lead] is no option of lead."),
        ("underscore", "[report]\nmaturity_days = 1\n",
         "maturity_days in [report] is no option of report; did you mean maturity-days?"),
        ("a switch", "[report]\njson = true\n", "json in [report] is no option of report."),
        ("text for a number", '[report]\ntop = "10"\n', "top in [report] must be a whole number."),
        ("a flag for a number", "[report]\ntop = true\n",
         "top in [report] must be a whole number."),
        ("a number for text", "[report]\ntz = 1\n", "tz in [report] must be text."),
        ("a number for a flag", "[report]\nquiet = 1\n",
         "quiet in [report] must be true or false."),
        ("one for a list", '[report]\nsection = "trend"\n',
         "section in [report] must be a list, each of it text."),
        ("a list for one", '[report]\nformat = ["csv"]\n', "format in [report] must be text."),
        ("a NUL", '[report]\nhtml = "a\\u0000.html"\n',
         "html in [report] has a NUL; leave it out."),
        ("a wrong value", '[report]\nformat = "cvs"\n',
         "format in [report] is wrong: 'cvs' is not one of 'table', 'json', 'csv', 'markdown'."),
        ("a wrong value in a list", '[report]\nsection = ["overview", "tend"]\n',
         "section in [report] is wrong: 'tend' is not one of 'summary', 'overview', 'responders', "
         "'neither', 'response-time', 'waits', 'chosen-delay', 'drift', 'delay-check', "
         "'sending-jobs', 'trend', 'heatmap', 'like-for-like'."),
        ("deletes", "[push]\nprune = true\n", "prune in [push] is not read: --prune deletes or "
         "rewrites, so it must be typed on the command line."),
        ("a password", '[push]\ndsn = "postgresql://u:sekrit@db/app"\n',
         "dsn in [push] has a password; give it by TIMINGCTL_DSN, PGPASSWORD or ~/.pgpass "
         "instead."),
        ("a password as a pair", "[pull]\ndsn = \"host=db password=sekrit\"\n",
         "dsn in [pull] has a password; give it by TIMINGCTL_DSN, PGPASSWORD or ~/.pgpass "
         "instead."),
        ("no DSN", '[push]\ndsn = "mysql://u:sekrit@db/app"\n',
         "dsn in [push] is wrong: The DSN cannot be read; write "
         "postgresql://user:password@host:port/database, with the special characters of the user "
         "and the password percent-encoded."),
        ("an escape code", '[report]\n"\\u001b[31m" = 1\n',
         "\\x1b[31m in [report] is no option of report."),
    ),
)  # fmt: skip
def test_files_refused(text: str, says: str) -> None:
    written(text)
    done = report()
    colon = " " if says.startswith("is no TOML") else ": "
    assert (done.code, done.out, done.err) == (2, "", f"Error: timingctl.toml{colon}{says}\n")


def test_a_file_that_is_no_text() -> None:
    Path("timingctl.toml").write_bytes(b"\xff\xfe")
    assert report().err == "Error: timingctl.toml is no UTF-8.\n"


def test_a_dsn_without_a_password_may_stand_in_a_file(tmp_path: Path) -> None:
    written('[pull]\ndsn = "postgresql://reader@127.0.0.1:1/app"\n')
    done = timingctl("pull", "-o", "out")
    assert (done.code, done.out) == (12, "")
    assert "127.0.0.1:1" in done.err


def test_the_page_shows_what_holds() -> None:
    page = (FIXTURES.parent / "docs" / "cli.md").read_text(encoding="utf-8")
    _, _, rest = page.partition("```toml\n")
    written(rest.partition("```")[0])
    done = report()
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Inbounds from 2026-02-28 23:00:00Z")
    assert report(TIMINGCTL_REPORT_FROMAT="csv").err in page
    written('[report]\nfromat = "csv"\n')
    assert report().err in page
