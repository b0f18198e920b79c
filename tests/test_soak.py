"""The soak has every test in which something happens meanwhile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.soak import ROOT, TESTS

FILES = sorted(
    path
    for name in TESTS
    for path in ([ROOT / name] if name.endswith(".py") else ROOT.glob(f"{name}/test_*.py"))
)
#: What begins something that goes on while the test does: a process, a thread, a transaction.
_BEGINS = re.compile(r"\b(paused|signalled|start|holding|Thread|Popen)\(")
_TEST = re.compile(
    r"(?:^@.*\n(?:^[ )].*\n)*)*^def (test_\w+)\(.*\n(?:(?:[ )].*)?\n)*", re.MULTILINE
)
_MARK = "pytest.mark.races"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_meets_others_is_marked(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if f"pytestmark = {_MARK}" in text:
        return
    found = {match[1]: match[0] for match in _TEST.finditer(text)}
    assert len(found) == len(re.findall(r"^def test_", text, re.MULTILINE))
    meets = {name for name, source in found.items() if _BEGINS.search(source)}
    assert meets == {name for name, source in found.items() if _MARK in source}
