"""The house's rules that a machine can hold: sql/ is listed and in order, the wheel is whole."""

from __future__ import annotations

import email
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from timingctl import differences
from timingctl.clocks import business_time
from timingctl.effects import sources as effect_sources
from timingctl.explanations import facts, surroundings
from timingctl.inboxes import windows, write
from timingctl.phases import EVENT_RELATION, EVENT_RELATIONS, STAGING_RELATIONS
from timingctl.relations import in_order, inputs
from timingctl.reports import figures, head, inbox_tables, lead, picks, sides, sources
from timingctl.reports.by import By
from timingctl.reports.sections import SECTIONS
from timingctl.reports.versus import Versus
from timingctl.schemas import (
    DELAY_WINDOW,
    EVENT_FILE,
    LEAD_BOOKING,
    SETTER_NAME,
    TABLES,
)
from timingctl.sql_text import MACROS

ROOT = Path(__file__).parents[1]
SQL = ROOT / "sql"
#: What builds make, in order.
OF_BUILDS = (*STAGING_RELATIONS, *EVENT_RELATIONS, EVENT_RELATION)
#: What the tool needs whatever it is used for; what an extra installs is in tests/test_extras.py.
CORE = {"click", "duckdb", "numpy", "polars", "pyarrow", "rich", "tzdata"}
FILES = sorted(SQL.glob("*/*.sql"))
RELATION_FILES = [path for path in FILES if path.parent.name != MACROS]
#: Relations that the loading of delay windows makes, outside the build's own order.
OF_WINDOWS = tuple(
    ("staging", relation) for relation in ("delay_window", "campaign_window", "current_window")
)
#: What is asked of the staged jobs; queries, not tables.
OF_RECOVERY = (("windows", "scheduled_delay"), ("windows", "campaign"))
#: A section that is made where it is asked for.
BY = By(["client"])
#: The relations of a comparison.
COMPARED = (sides.GROUPED, *(relation.name for relation in Versus.relations))
#: What reports make, in order: their own relations, and one of the build's phase.
OF_REPORTS = (
    *sources.EXPORT_RELATIONS,
    *(
        ("reports", relation)
        for relation in (
            sources.ROW_RELATION,
            *(relation for _, relation in figures.RELATIONS),
            *dict.fromkeys(n for section in (*SECTIONS, BY) for n in section.tables),
            *dict.fromkeys(r.name for section in (*SECTIONS, BY) for r in section.relations),
            *COMPARED,
            *(relation.name for relation in picks.RELATIONS),
            head.HOURS.name,
            *(lead.KNOWN, lead.ANCHOR.name, lead.WAIT.name),
        )
    ),
)
#: What an explanation makes, in order, after the build's own.
OF_EXPLANATIONS = (
    *(("explain", facts.MESSAGE_RELATION), ("explain", facts.THREAD_RELATION)),
    *(*facts.RELATIONS, ("explain", facts.NEAR_RELATION)),
    *(("explain", relation) for relation in surroundings.AROUND),
)
#: What an inbox makes, in order, and what it asks for the tables that Python fills.
OF_INBOXES = (
    ("inbox", windows.WINDOWED),
    ("inbox", windows.CLIENTS),
    *write.MADE,
    *(("inbox", relation) for relation in write.RELATIONS.values()),
)
#: What effects make, in order, and what they ask of it.
OF_EFFECTS = in_order(
    effect_sources.FOLDER, *(name for asked in effect_sources.ASKED.values() for name in asked)
)
#: What tells business time, in order, and what Python fills of it.
OF_CLOCKS = business_time.RELATIONS
MADE_IN_ORDER = {
    *("clocks", "staging", "windows", "events", "inbox", "reports", "effects", "explain", "diff"),
}
#: What comparisons make, in order, and the views that they make of the contract.
OF_DIFFS = (("diff", differences.FACT_RELATION), *differences.RELATIONS)
DIFFED = {"import_here_event", "import_there_event", "event_pair", "column_pair"}
STAGED = {
    name
    for table in (*TABLES, DELAY_WINDOW, EVENT_FILE, LEAD_BOOKING, SETTER_NAME)
    for name in (table.relation, f"import_{table.relation}", f"duplicate_{table.relation}")
}


def reads(text: str) -> set[str]:
    """The relations that a select reads, without its own CTEs and schemas."""
    code = re.sub(r"--.*|\{\{ schema \}\}\.|pg_temp\.", "", text)
    code = code.replace("{{ table }}", "Message")  # or another that a sync asks
    code = code.replace("{{ event }}", "ResponseTimingEvent").replace(
        "({{ plain_type }})", "plain_type"
    )
    own = set(re.findall(r"(\w+) as \(\s*(?:select|insert|delete)", code))
    return (
        set(re.findall(r'(?<!distinct )(?:from|join|using)\s+(?:pg_catalog\.)?"?(\w+)', code)) - own
    )


def test_every_sql_file_is_listed() -> None:
    listed = {
        *(*OF_BUILDS, *OF_WINDOWS, *OF_RECOVERY),
        *(*OF_INBOXES, *OF_CLOCKS, *OF_REPORTS, *OF_EFFECTS, *OF_EXPLANATIONS, *OF_DIFFS),
    }
    files = {(path.parent.name, path.stem) for path in SQL.glob("*/*.sql")}
    assert {file for file in files if file[0] in MADE_IN_ORDER} == listed


def test_no_relation_reads_one_that_is_not_made_yet() -> None:
    made = {sides.THRESHOLD} | (
        STAGED
        | set(business_time.FILLED)
        | DIFFED
        | {"message_window", "window_key", inbox_tables.MESSAGE_VIEW, inbox_tables.LEAD_VIEW}
    )
    for folder, relation in (
        *(*OF_WINDOWS, *OF_BUILDS, *OF_RECOVERY),
        *(*OF_INBOXES, *OF_CLOCKS, *OF_REPORTS, *OF_EFFECTS, *OF_EXPLANATIONS, *OF_DIFFS),
    ):
        read = reads((SQL / folder / f"{relation}.sql").read_text())
        assert read, relation
        assert read <= made, f"{relation} reads {read - made}"
        made.add(relation)


def test_a_relation_is_made_after_what_it_reads_and_nothing_else_is_made() -> None:
    turn = in_order("events", "turn")
    assert [relation for _, relation in turn] == ["thread_message", "turn_message", "turn"]
    assert in_order("events", "turn", "turn_message", "turn") == turn
    assert in_order("events", "turn", there=["turn_message"]) == turn[2:]
    assert in_order("events", "turn", "turn_message", there=["thread_message"]) == turn[1:]
    everything = in_order("events", *inputs("events"))
    assert sorted(relation for _, relation in everything) == sorted(inputs("events"))


@pytest.mark.parametrize("path", RELATION_FILES, ids=lambda path: path.stem)
def test_a_sql_file_says_its_grain_and_exactly_what_it_reads(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("-- Grain: one ")
    assert set(inputs(path.parent.name)[path.stem]) == reads(text)
    params = set(re.findall(r"\$\w+", re.sub(r"--.*", "", text)))
    said = set(re.findall(r"\$\w+", "".join(re.findall(r"^--.*$", text, re.MULTILINE))))
    assert params == said


@pytest.mark.parametrize("path", sorted((SQL / MACROS).glob("*.sql")), ids=lambda path: path.stem)
def test_a_macro_says_what_it_is_and_is_called(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("-- Macro: ")
    assert f"create macro {path.stem}(" in text
    callers = [file for file in RELATION_FILES if f"{path.stem}(" in file.read_text()]
    assert {file.parent.name for file in callers} & {"reports", "lists", "explain", "inbox"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_star_no_positions_and_a_total_order_in_every_window(path: Path) -> None:
    code = re.sub(r"--.*", "", path.read_text())
    assert not re.search(r"select\s+\*|\.\*", code)
    assert not re.search(r"(group|order) by\s+\d", code)
    ranked = re.sub(r"dense_rank\(\) over \(.*?\)", "", code)  # a rank wants its ties
    for clause in re.findall(r"order by(.*?)\)", ranked, re.DOTALL):
        last = re.split(r",", clause.split("rows between")[0])[-1].split()[0]
        # tieNumber has the order of the ids where an id is needed (sql/staging/tied_message.sql),
        # preference is the place in the total order of ranked_draft.sql or ranked_job.sql,
        # place and startPlace are places in that of a thread, a messageNumber is of one message
        # a lengthMs has one row a length
        # startUs and endUs are of spans of time, no two of which start and end alike
        unique = (
            r'(\w+\.)?"?'
            r'(id|\w+Id|row|tieNumber|preference|place|startPlace|messageNumber|startUs|endUs|lengthMs)"?'
        )
        assert re.fullmatch(unique, last), f"no unique tie-break: {clause}"


def test_the_wheel_carries_its_sql_and_runs_from_another_folder(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
        said = email.message_from_bytes(archive.read(metadata))
        archive.extractall(installed)
    assert {f"timingctl/sql/{path.relative_to(SQL)}" for path in SQL.glob("*/*.sql")} <= names
    assert "timingctl/py.typed" in names
    assert not any(name.startswith(("tests/", "fixtures/")) for name in names)
    assert {"all", "charts", "postgres"} <= set(said.get_all("Provides-Extra", []))
    needed = [line for line in said.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert {re.split("[<>=]", line)[0] for line in needed} == CORE
    done = subprocess.run(
        [sys.executable, "-c",
         "import timingctl.__main__ as t; print(t.__file__, flush=True); t.main()",
         "build", ROOT / "fixtures" / "tour", "-o", "events.csv"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.startswith(str(installed))
    expected = ROOT / "fixtures" / "tour" / "expected.csv"
    assert (tmp_path / "events.csv").read_text() == expected.read_text()


def test_what_does_more_where_there_are_hours_is_in_make_test_long() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = re.search(r"^LONG := ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)
    assert named
    long = [ROOT / name for name in named[1].replace("\\\n", " ").split()]
    more = [
        path
        for path in ROOT.glob("tests/**/test_*.py")
        if re.search(r"\bthorough: bool|get_profile\(", path.read_text(encoding="utf-8"))
    ]
    assert more
    assert [path for path in more if not {path, *path.parents} & set(long)] == []


def test_what_promises_name_is_in_make_test() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "promises.md").read_text()))
    tests = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    wide = re.findall(r"^@pytest\.mark\.wide\n(?:[@ )].*\n)*def (test_\w+)", tests, re.MULTILINE)
    assert named
    assert wide
    assert named & set(wide) == set()
