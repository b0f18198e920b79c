"""What an extra installs is needed for its feature alone, and without it one sentence says so."""

from __future__ import annotations

import importlib.metadata
import json
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
    "excel": ("xlsxwriter",),
    "postgres": ("adbc_driver_manager", "adbc_driver_postgresql", "setproctitle"),
    "spark": ("pyspark", "sqlglot"),
}
#: The start of a process without the extras: None makes an import a ModuleNotFoundError.
BARE = f"""
import json, sys
sys.modules.update(dict.fromkeys({sorted(name for names in MODULES.values() for name in names)}))
"""
#: Runs many commands, since each process loads the tool anew; says how each ended.
MANY = f"""{BARE}
from click.testing import CliRunner
from timingctl.cli import cli
runs = [CliRunner().invoke(cli, arguments) for arguments in json.load(sys.stdin)]
print(json.dumps([[run.exit_code, repr(run.exception), run.output] for run in runs]))
"""
ONE = f"{BARE}\nfrom timingctl.__main__ import main\nmain()"
NOWHERE = "postgresql://me:sekret@127.0.0.1:1/app"
LACKING = {
    "postgres": [
        ["pull", "--dsn", NOWHERE, "-o", "exports"],
        ["push", "events.csv", "--dsn", NOWHERE],
        ["build", NOWHERE, "-o", "out.parquet"],
        ["explain", NOWHERE, "m1"],
        ["windows", NOWHERE],
        ["diff", "events.csv", NOWHERE],
        ["sync", "inbox.duckdb", "--dsn", NOWHERE],
    ],
    "charts": [["report", "events.csv", "--html", "page.html"]],
    "excel": [["report", "events.csv", "-o", "report.xlsx"]],
    "spark": [
        ["build", "exports", "--engine", "sc://sekret.example:1/;use_ssl=true;token=sekret"],
    ],
}


def python(folder: Path, code: str, *arguments: str, given: str = "") -> tuple[int, str, str]:
    """Run a program in a folder; returns its exit code, and what it printed and said."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder, input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def many(folder: Path, commands: list[list[str]]) -> list[tuple[int, str, str]]:
    """Run commands in one process without the extras: exit code, exception and output of each."""
    code, printed, said = python(folder, MANY, given=json.dumps(commands))
    assert code == 0, said
    return [(run[0], run[1], run[2]) for run in json.loads(printed)]


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


def test_the_core_does_all_that_needs_only_files_and_a_terminal(tmp_path: Path) -> None:
    tour = str(ROOT / "fixtures" / "tour")
    commands = [
        ["build", tour, "-o", "events.parquet"],
        ["explain", tour, "msg-013"],
        ["report", "events.parquet", "--exports", tour],
        ["lead", "events.parquet", "bob"],
        ["windows", tour],
        ["diff", "events.parquet", "events.parquet"],
        ["delay", "msg-013", "--min", "180", "--max", "420"],
        ["build", tour, "-o", "inbox.duckdb"],
        ["sync", "inbox.duckdb", tour],
        ["list", "inbox.duckdb", "open"],
        ["check", "inbox.duckdb", "--rule", "open.count <= 5"],
        ["effects", "inbox.duckdb"],
        ["generate", "inbox", "--leads", "3"],
        ["schema"],
        ["push", "--help"],
    ]
    for command, (code, exception, output) in zip(commands, many(tmp_path, commands), strict=True):
        assert (code, exception) == (0, "None"), (command, output)
        assert output, command


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("name", LACKING)
def test_without_its_extra_a_feature_says_how_to_install_it(tmp_path: Path, name: str) -> None:
    write_events(tmp_path / "events.csv", "id | lead | channel | in\nm1 | l1 | email | 10:00:00")
    command = rf"run: pip install 'timingctl\[{name}\]'"
    for _, exception, output in many(tmp_path, LACKING[name]):
        assert re.fullmatch(
            rf'SettingsError\(".* needs the package \w+, .*; {command}"\)', exception
        )
        assert output == ""
    code, printed, said = python(tmp_path, ONE, *LACKING[name][0])
    assert (code, printed) == (10, "")
    assert re.fullmatch(rf"Error: .*; {command}\n", said)
    assert "sekret" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


def test_only_a_missing_module_is_a_missing_extra() -> None:
    sentence = r"^It needs the package no_such_module, which is"
    with pytest.raises(SettingsError, match=sentence), extra("charts", "It"):
        import no_such_module  # type: ignore[import-not-found]  # noqa: F401
    with pytest.raises(InputError), extra("charts", "It"):
        raise InputError("something else")


def test_every_name_of_the_package_is_there_without_extras(tmp_path: Path) -> None:
    named_all = (
        f"{BARE}\nimport timingctl\n[getattr(timingctl, name) for name in timingctl.__all__]"
    )
    assert python(tmp_path, named_all) == (0, "", "")
