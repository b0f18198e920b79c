"""``--json`` of every command: one writer, and keys of one style. Lines of delay: test_delay.py."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.tool import cases, timingctl
from tests.cases import FIXTURES
from timingctl.cli import cli
from timingctl.documents import as_json

TOUR = FIXTURES / "tour"
#: Objects whose keys are data: names of tables and files, reasons, names of columns.
DATA = {"tables", "rejected", "rows", "reasons", "differences"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("json")
    assert timingctl("build", TOUR, "-o", folder / "events.parquet", "-q").code == 0
    assert timingctl("build", TOUR, "-o", folder / "next.csv", "-q", "--setter-rule=next").code == 0
    return folder


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("line", "code"),
    cases(
        ("build", f"build {TOUR} -o {{folder}}/again.parquet", 0),
        ("report", f"report {{folder}}/events.parquet --exports {TOUR}", 0),
        ("lead", "lead {folder}/events.parquet ann", 0),
        ("explain", f"explain {TOUR} msg-013", 0),
        ("windows", f"windows {TOUR}", 0),
        ("diff", "diff {folder}/events.parquet {folder}/next.csv", 1),
        ("generate", "generate {folder}/made --leads 3", 0),
    ),
)
def test_documents(line: str, code: int, folder: Path) -> None:
    done = timingctl(*line.format(folder=folder).split(), "--json")
    assert (done.code, done.err) == (code, "")
    document = json.loads(done.out)
    assert done.out == as_json(document)
    odd = [
        key for key in keys(document) if not re.fullmatch("[a-z][a-z0-9]*([A-Z][a-z0-9]*)*", key)
    ]
    assert odd == []


def test_every_command_with_a_result_has_json() -> None:
    without = {
        name
        for name, command in cli.commands.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    }
    assert without == {"schema", "help"}


def keys(document: Any) -> Iterator[str]:
    """The keys of a document, but those that are data."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield key
            inner = value.values() if key in DATA and isinstance(value, dict) else [value]
            for one in inner:
                yield from keys(one)
    elif isinstance(document, list):
        for one in document:
            yield from keys(one)
