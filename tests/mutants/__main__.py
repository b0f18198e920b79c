"""``python -m tests.mutants [FILE …]``: change the heart a little, and see whether a test fails.

Each mutant runs in this process against the tests named in HEART, until one fails. Exit code 1
when a mutant lives that docs/mutants.md does not explain, or one is explained that does not live.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants import python, sql
from timingctl import sql_text

if TYPE_CHECKING:
    from tests.mutants.mutant import Mutant

ROOT = Path(__file__).parents[2]
EXPLANATIONS = ROOT / "docs" / "mutants.md"

_EVENT_TESTS = (
    "tests/spec/test_anchors_and_turns.py",
    "tests/spec/test_ai_response.py",
    "tests/spec/test_jobs.py",
    "tests/spec/test_setter_response.py",
    "tests/spec/test_event.py",
    "tests/properties",
    "tests/pipeline/test_fixtures.py",
)
_OUTCOME_TESTS = (
    "tests/report/test_outcomes.py",
    "tests/report/test_filters.py",
    "tests/report/test_by.py::test_how_long_after_the_response_leads_booked",
    "tests/report/test_by.py::test_cancelled_bookings_count_where_any_does",
    "tests/report/test_by.py::test_an_inbox_tells_what_is_open",
    "tests/report/test_versus.py::test_both_sides_are_followed_alike",
    "tests/report/test_model.py::test_the_report_is_the_model_s",
)
#: The relations that say why, too, which only explain tells.
_RANKED = ("ranked_draft", "ranked_job")
_STORIES = tuple(f"tests/explain/test_{one}.py" for one in ("schedule", "answers", "one_rule"))
#: The files of the heart, and the tests by which each change to one must be seen.
HEART = (
    (("timingctl/delay.py",), ("tests/spec/test_delay.py",)),
    (
        tuple(
            f"sql/reports/{relation}.sql"
            for relation in ("event_row", "lead_response", "lead_outcome")
        ),
        _OUTCOME_TESTS,
    ),
    (
        ("sql/reports/lead_anchor.sql",),
        (
            "tests/report/test_lead.py",
            "tests/report/test_implausible.py::test_a_lead_has_no_such_drift",
        ),
    ),
    (
        (
            "sql/staging/sending_job.sql",
            *(
                f"sql/events/{path.name}"
                for path in sorted((ROOT / "sql" / "events").glob("*.sql"))
                if path.stem not in {"open_inbound", *_RANKED}
            ),
        ),
        _EVENT_TESTS,
    ),
    (
        tuple(f"sql/events/{relation}.sql" for relation in _RANKED),
        (*_EVENT_TESTS, *_STORIES),
    ),
    (("sql/events/open_inbound.sql",), ("tests/report/test_figures.py", "-k", "open_inbounds")),
)

#: Nothing kept between runs; the same examples of Hypothesis every time.
_OPTIONS = (
    *("-p", "no:cacheprovider", "--tb=line", "--hypothesis-profile", "mutants"),
    *("-o", "tmp_path_retention_policy=failed"),
)


@dataclass
class Found:
    """What became of the mutants of one file; those that DuckDB refuses to run are no proof."""

    killed: int = 0
    refused: int = 0
    living: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Hunt:
    """A pytest plugin: runs the collected tests for every mutant of the files, until one fails.

    The test that killed last is asked first.
    """

    def __init__(self, files: Sequence[str]) -> None:
        self.found: dict[str, Found] = {}
        self.files = files

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of running every test once."""
        tests = list(session.items)
        with sql_in_a_copy() as folder:
            for file in self.files:
                text = (ROOT / file).read_text(encoding="utf-8")
                kind = python if file.endswith(".py") else sql
                install = _install_python if file.endswith(".py") else partial(_install_sql, folder)
                install(file, kind.unchanged(text))
                if failure := _failure(tests):
                    pytest.exit(f"{file}, without any change: {failure}", 3)
                self.found[file] = _hunted(kind.mutants(text), partial(install, file), tests)
                install(file, text)
        return True


def _hunted(
    mutants: Iterable[Mutant], install: Callable[[str], None], tests: list[pytest.Item]
) -> Found:
    found, start = Found(), time.perf_counter()
    for mutant in mutants:
        install(mutant.text)
        failure = _failure(tests)
        if failure is None:
            found.living.append(mutant.change)
            print(f"lives: {mutant.change}", flush=True)
        elif re.search("BinderException|ParserException", failure):
            found.refused += 1
        else:
            found.killed += 1
    found.seconds = time.perf_counter() - start
    return found


def _failure(tests: list[pytest.Item]) -> str | None:
    """How the first of the tests fails that does; it will be asked first the next time."""
    for place, test in enumerate(tests):
        for report in runtestprotocol(test, log=False):
            if report.failed:
                tests.insert(0, tests.pop(place))
                return f"{test.nodeid}\n{report.longrepr}"
    return None


@contextmanager
def sql_in_a_copy() -> Iterator[Path]:
    """Let the tool read sql/ from a copy, in which files can be changed."""
    original = sql_text.SQL_FOLDER
    with tempfile.TemporaryDirectory() as folder:
        sql_text.SQL_FOLDER = Path(shutil.copytree(original, Path(folder) / "sql"))
        yield Path(folder)
        sql_text.SQL_FOLDER = original


def _install_sql(folder: Path, file: str, text: str) -> None:
    (folder / file).write_text(text, encoding="utf-8")


def _install_python(file: str, text: str) -> None:
    """Give the functions that others have imported already the code of the changed ones."""
    module = import_module(file.removesuffix(".py").replace("/", "."))
    changed: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(text, file, "exec"), changed)  # noqa: S102 - the module itself, changed
    for name, value in changed.items():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            getattr(module, name).__code__ = value.__code__
        elif name.strip("_").isupper() and not name.startswith("__"):
            setattr(module, name, value)


def explained() -> dict[str, set[str]]:
    """The changes that docs/mutants.md explains, by file."""
    changes: dict[str, set[str]] = defaultdict(set)
    rows = re.findall(r"^\| `([^`]+)` \| (.*) \| [^|]+ \|$", EXPLANATIONS.read_text(), re.MULTILINE)
    for file, named in rows:
        changes[file] |= {change.replace("\\|", "|") for change in re.findall("`([^`]+)`", named)}
    return changes


def main(asked: Sequence[str]) -> int:
    """Hunt in the files asked for, or in all of HEART."""
    found: dict[str, Found] = {}
    for files, tests in HEART:
        hunt = Hunt([file for file in files if not asked or file in asked])
        if not hunt.files:
            continue
        with chdir(ROOT):
            code = pytest.main([*_OPTIONS, *tests], [hunt])
        if code:
            return int(code)
        found |= hunt.found
    print(f"{'mutants':>7} {'killed':>7} {'refused':>7} {'living':>7} {'seconds':>7}")
    for file, one in found.items():
        counts = (one.killed, one.refused, len(one.living))
        print("".join(f"{n:>7} " for n in (sum(counts), *counts)) + f"{one.seconds:>7.0f} {file}")
    told = explained()
    odd = [
        f"{file}: `{change}` {what}"
        for file, one in found.items()
        for what, changes in (
            ("lives, and no test or explanation says why", set(one.living) - told[file]),
            ("is explained, and does not live", told[file] - set(one.living)),
        )
        for change in sorted(changes)
    ]
    strangers = set(told) - {file for files, _ in HEART for file in files}
    odd += [f"{file} is explained, and not of the heart" for file in sorted(strangers)]
    print(*odd, sep="\n")
    return 1 if odd else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
