"""The registry of sections: complete, and the same in modules, types and relations."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import pytest

from tests.cases import FIXTURES
from tests.report.cases import reported
from tests.report.inboxes import inbox
from timingctl.reports import sections
from timingctl.reports.figures import report
from timingctl.reports.head import Head
from timingctl.reports.options import ReportOptions
from timingctl.reports.sections import NAMES, SECTIONS, Document
from timingctl.warehouse import Warehouse

if TYPE_CHECKING:
    import polars as pl

EVENTS = (
    "id | in | setter | ai | chosen | due\nm1 | 10:00:00 | 10:00:30 | 10:05:00 | 200 | 10:05:00"
)


def test_every_module_is_one_section_of_the_list() -> None:
    modules = {module.name for module in iter_modules(sections.__path__)}
    assert modules == {section.name.replace("-", "_") for section in SECTIONS}
    for section in SECTIONS:
        module = import_module(f"timingctl.reports.sections.{section.name.replace('-', '_')}")
        assert type(section).__module__ == module.__name__
    assert len(NAMES) == len(set(NAMES)) == len(modules)


def test_the_document_has_a_key_a_section_in_the_report_s_order() -> None:
    keys = [key for key in Document.__annotations__ if key not in Head.__annotations__]
    assert keys == [section.key for section in SECTIONS]


@pytest.mark.wide
def test_a_section_reads_the_relations_it_names_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    select = Warehouse.select

    def noted(
        self: Warehouse, relation: str, folder: str, params: Mapping[str, object]
    ) -> pl.DataFrame:
        read.append(relation)
        return select(self, relation, folder, params)

    monkeypatch.setattr(Warehouse, "select", noted)
    of_tour = inbox(tmp_path, FIXTURES / "tour")
    for section in SECTIONS:
        read.clear()
        asked: dict[str, Any] = {"html": tmp_path / "page.html", "sections": [section.name]}
        if section.needs_inbox or section.tables:
            report(ReportOptions(events=of_tour, **asked))
        else:
            reported(tmp_path, EVENTS, exports=FIXTURES / "tour", **asked)
        assert set(read) == {relation.name for relation in section.relations}


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("leads", [None, "id | booked\nl001 | 2026-02-11"])
def test_a_record_is_what_its_section_gives(tmp_path: Path, leads: str | None) -> None:
    """With lead data and without, in order: a CSV without rows has the same header."""
    of_events = reported(tmp_path, EVENTS, leads)
    of_inbox = report(ReportOptions(events=inbox(tmp_path, FIXTURES / "tour")))
    assert of_inbox.has_bookings
    for found in (of_events, of_inbox):
        for section, figures in found.made():
            for record in section.records(figures):
                assert list(record) == section.columns(figures, found.about)


def test_sections_are_light(tmp_path: Path) -> None:
    """The command line imports them to name them; what is heavy costs every command its start."""
    heavy = "{'polars', 'duckdb', 'pyarrow', 'altair', 'numpy'}"
    code = f"import sys, timingctl.reports.sections; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
