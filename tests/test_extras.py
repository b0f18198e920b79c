"""What an extra installs is needed for its feature alone, and without it one sentence says so."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.report.cases import write_events
from timingctl.errors import InputError, SettingsError
from timingctl.extras import extra

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
#: What each extra installs, as Python imports it.
MODULES = {
    "charts": ("altair", "vl_convert"),
    "postgres": ("adbc_driver_manager", "adbc_driver_postgresql", "setproctitle"),
}
#: The process, as if no extra were installed: None makes an import a ModuleNotFoundError.
BARE = f"""
import sys
sys.modules.update(dict.fromkeys({[*MODULES["charts"], *MODULES["postgres"]]}))
from timingctl.__main__ import main
main()
"""
NOWHERE = "postgresql://me:sekret@127.0.0.1:1/app"


def bare(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the tool, in a folder, without what the extras install."""
    return subprocess.run(
        [sys.executable, "-c", BARE, *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~ ]", requirement)[0] for requirement in requirements}


def test_all_is_every_extra_that_the_tool_asks_for() -> None:
    extras = PROJECT["optional-dependencies"]
    assert extras["all"] == [f"timingctl[{','.join(MODULES)}]"]
    assert set(extras) == {*MODULES, "all", "docs", "dev"}


@pytest.mark.parametrize("name", MODULES)
def test_an_extra_installs_its_modules_and_the_core_does_not(name: str) -> None:
    distributions = importlib.metadata.packages_distributions()
    for module in MODULES[name]:
        assert set(distributions[module]) & named(PROJECT["optional-dependencies"][name])
        assert not set(distributions[module]) & named(PROJECT["dependencies"])


def test_the_core_builds_explains_and_reports_in_the_terminal(tmp_path: Path) -> None:
    tour = ROOT / "fixtures" / "tour"
    for arguments in (
        ["build", tour, "-o", "events.parquet"],
        ["explain", tour, "msg-013"],
        ["report", "events.parquet", "--exports", tour],
        ["lead", "events.parquet", "bob"],
        ["windows", tour],
        ["diff", "events.parquet", "events.parquet"],
        ["delay", "msg-013", "--min", "180", "--max", "420"],
        ["generate", "inbox", "--leads", "3"],
        ["schema"],
        ["push", "--help"],
    ):
        done = bare(tmp_path, *arguments)
        assert done.returncode == 0, done.stderr
        assert done.stdout


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["pull", "--dsn", NOWHERE, "-o", "exports"], "postgres"),
        (["push", "events.csv", "--dsn", NOWHERE], "postgres"),
        (["build", NOWHERE, "-o", "out.parquet"], "postgres"),
        (["explain", NOWHERE, "m1"], "postgres"),
        (["windows", NOWHERE], "postgres"),
        (["diff", "events.csv", NOWHERE], "postgres"),
        (["report", "events.csv", "--html", "page.html"], "charts"),
    ],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
def test_without_its_extra_a_feature_says_how_to_install_it(
    tmp_path: Path, arguments: list[str], name: str
) -> None:
    write_events(tmp_path / "events.csv", "id | lead | channel | in\nm1 | l1 | email | 10:00:00")
    done = bare(tmp_path, *arguments)
    assert done.returncode == 10
    assert done.stdout == ""
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("Error: ")
    assert sentence.endswith(f"run: pip install 'timingctl[{name}]'")
    assert "sekret" not in sentence
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_only_a_missing_module_is_a_missing_extra() -> None:
    sentence = r"^It needs the package no_such_module, which is"
    with pytest.raises(SettingsError, match=sentence), extra("charts", "It"):
        import no_such_module  # type: ignore[import-not-found]  # noqa: F401
    with pytest.raises(InputError), extra("charts", "It"):
        raise InputError("something else")
