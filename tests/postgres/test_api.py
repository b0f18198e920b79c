"""The app's database from Python: pull, push, and DSNs in place of paths."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import timingctl

if TYPE_CHECKING:
    from tests.postgres.server import App

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_the_example_of_the_page_pulls_and_pushes(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    [block] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(block, {"timingctl": timingctl, "dsn": app.dsn})  # noqa: S102
    would, did = capsys.readouterr().out.splitlines()
    events = len(timingctl.read_events("app.parquet"))
    assert events > 0
    assert f"'inserted': {events}, " in would
    assert "'dryRun': True" in would
    assert did == f"{events} inserted, 0 unchanged"


@pytest.mark.wide
def test_a_dsn_stands_for_a_path(app: App, tmp_path: Path) -> None:
    pulled = timingctl.pull(app.dsn, tmp_path / "exports")
    assert pulled.document() == {"rows": pulled.rows, "notes": pulled.notes}
    built = timingctl.build(app.dsn, tmp_path / "events.parquet")
    assert built.events.equals(timingctl.build(tmp_path / "exports").events)
    anchor = built.events["inboundMessageId"][0]
    stories = [timingctl.explain(source, anchor) for source in (app.dsn, tmp_path / "exports")]
    assert stories[0].document == stories[1].document
    assert timingctl.windows(app.dsn).periods.equals(
        timingctl.windows(tmp_path / "exports").periods
    )
    assert timingctl.push(built.output or "", app.dsn, create=True).events["inserted"] > 0
    assert timingctl.diff(built.output or "", app.dsn).equal
