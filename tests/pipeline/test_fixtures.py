"""Every fixture gives exactly the events that it says."""

from pathlib import Path

import pytest

from tests.cases import CASES, FIXTURES, options_of
from timingctl.pipeline import build


def test_there_are_fixtures_and_each_says_what_it_shows() -> None:
    folders = [path for path in FIXTURES.iterdir() if path.is_dir()]
    assert len(CASES) == len(folders) > 15
    for folder in folders:
        assert (folder / "README.md").read_text(encoding="utf-8").strip(), folder


@pytest.mark.parametrize("name", CASES)
def test_a_fixture_gives_its_expected_events(name: str, tmp_path: Path) -> None:
    case = FIXTURES / name
    build(options_of(case, output=tmp_path / "events.csv"))
    assert (tmp_path / "events.csv").read_text() == (case / "expected.csv").read_text()
