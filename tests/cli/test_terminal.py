"""What a person at a terminal sees besides the results: how far a build is, what is waited for."""

from __future__ import annotations

from pathlib import Path

from tests.cases import FIXTURES
from tests.cli.terminal import at_a_terminal


def test_a_build_tells_how_far_it_is(tmp_path: Path) -> None:
    code, told = at_a_terminal("stderr", "build", FIXTURES / "tour", "-o", tmp_path / "e.parquet")
    assert code == 0
    assert "Writing events" in told
    assert "11/11" in told


def test_ids_that_are_waited_for_are_asked_for() -> None:
    code, told = at_a_terminal("stderr", "delay", "--min", 1, "--max", 2, typed="a\n\x04")
    assert code == 0
    assert "Reading ids, one a line, until Ctrl-D." in told
