"""The docs say what the tool does: the columns, the commands, the examples; and they are one site.

`python -m tests.pages` mends what fails here because the tool was changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import click
import duckdb
import pytest

from tests import examples, pages, queries, sessions
from timingctl.cli import cli
from timingctl.options import BuildOptions
from timingctl.pipeline import build

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: What a clone does not have: nobody could look it up.
ELSEWHERE = re.compile(
    r"\b(spec section|section \d|support_forum|goal \d|issue #?\d)|\.\./shared|/work/",
    re.IGNORECASE,
)
#: Pages that show many commands.
LONG = {"CONTRIBUTING.md", "questions.md", "tour.md"}


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.name)
def test_a_page_that_is_made_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == pages.PAGES[path]()


@pytest.mark.parametrize("command", cli.commands.values(), ids=cli.commands.keys())
def test_every_command_and_option_has_help(command: click.Command) -> None:
    assert command.help
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.name, marks=[pytest.mark.wide] if page.name in LONG else [])
        for page in sessions.PAGES
        if "```console" in page.read_text(encoding="utf-8")
    ],
)
def test_what_a_page_shows_is_what_is_printed(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert sessions.recorded(text, tmp_path) == text


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("path", examples.RECORDED, ids=lambda path: path.name)
def test_the_python_that_is_shown_prints_what_is_shown(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert examples.RECORDED[path](text, tmp_path) == text


def test_eleven_queries_are_shown_and_each_gives_rows() -> None:
    """That they give what is shown is tested with the page's Python."""
    text = queries.PAGE.read_text(encoding="utf-8")
    shown = re.split(r"^```sql$", text, flags=re.MULTILINE)[1:]
    assert len(shown) == len(queries.queries(text)) == 11
    for block in shown:
        lines = block.partition("\n```\n\n")[2].splitlines()
        assert lines[0].startswith("| ")
        assert lines[2].startswith("| "), block


def test_what_the_page_of_queries_says_of_the_file_holds(tmp_path: Path) -> None:
    """Its tables and columns are described in it, it opens read-only and can be exported so."""
    path = tmp_path / "inbox.duckdb"
    build(BuildOptions(source=ROOT / "fixtures" / "tour", output=path))
    with duckdb.connect(str(path), read_only=True) as inbox, chdir(tmp_path):
        tables = {name for (name,) in inbox.sql("show tables").fetchall()}
        assert {"ResponseTimingEvent", "AnchorContext", "Wait", "SendingJob"} <= tables
        comments = inbox.sql(
            "select column_name, comment from duckdb_columns() where table_name = 'Wait'"
        ).fetchall()
        assert all(comment for _, comment in comments)
        inbox.sql("export database 'inbox' (format parquet)")
        assert (tmp_path / "inbox" / "wait.parquet").exists()


def test_every_relation_of_sql_is_on_its_page() -> None:
    text = (ROOT / "docs" / "reference" / "sql.md").read_text(encoding="utf-8")
    for path in (ROOT / "sql").glob("*/*.sql"):
        query = re.sub(r"\A(--.*\n)+", "", path.read_text(encoding="utf-8")).strip()
        assert f"\n### {path.parent.name}/{path.stem}\n" in text
        assert query in text


@pytest.mark.parametrize("page", sessions.PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https:)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 150


def test_the_three_commands_of_the_readme_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "fixtures" / "tour", tmp_path / "exports")
    monkeypatch.chdir(tmp_path)
    section = README.partition("## Your own export in three commands\n")[2]
    block = section.partition("\n```\n")[2].partition("```")[0]
    build, report, explain = block.replace("MESSAGE_ID", "msg-013").splitlines()
    assert "Written inbox.duckdb" in sessions.printed(build)
    assert "How fast " in sessions.printed(report)
    assert (tmp_path / "report.html").exists()
    assert "An anchor" in sessions.printed(explain)


def test_rights_stand_once() -> None:
    granting = [page.name for page in sessions.PAGES if "\nGRANT " in page.read_text("utf-8")]
    assert granting == ["postgres.md"]


def test_nothing_names_what_a_clone_does_not_have() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in paths if path.exists()}
    assert len(texts) > 100
    del texts[Path(__file__)]
    named = {path: found[0] for path, text in texts.items() if (found := ELSEWHERE.search(text))}
    assert named == {}


def site(project: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site. Not quietly: what MkDocs does not say does not fail it either."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "mkdocs", "build"),
            *("--config-file", ".ci/mkdocs.yml", "--site-dir", folder),
        ],
        cwd=project, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_site_builds_and_every_page_is_in_it(tmp_path: Path) -> None:
    done = site(ROOT, tmp_path)
    assert done.returncode == 0, done.stderr
    built = {path.stem for path in tmp_path.glob("**/*.html")}
    assert {page.stem for page in (ROOT / "docs").glob("**/*.md")} <= built
    first = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Your own export in three commands" in first
    assert (tmp_path / "search" / "search_index.json").exists()


@pytest.mark.wide
def test_a_link_that_leads_nowhere_and_a_page_that_is_not_listed_fail_the_site(
    tmp_path: Path,
) -> None:
    for path in ROOT.iterdir():
        if path.name in {"docs", ".ci"}:
            shutil.copytree(path, tmp_path / path.name)
        elif not path.name.startswith("."):
            (tmp_path / path.name).symlink_to(path)
    links = "[a](nowhere.md) [b](../fixtures/nowhere) [c](files.md#nowhere)"
    (tmp_path / "docs" / "new.md").write_text(f"# New\n\n{links}\n")
    done = site(tmp_path, tmp_path / "site")
    assert done.returncode == 1
    warnings = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    for said in ('in the "nav"', "'nowhere.md'", "'../fixtures/nowhere'", "#nowhere'"):
        assert any(said in line for line in warnings), (said, done.stderr)
