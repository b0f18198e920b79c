"""Documents of `report --json` are as the JSON Schema in docs/reference says."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.report.cases import reported
from tests.report.inboxes import inbox
from timingctl.documents import as_json
from timingctl.reports.figures import report
from timingctl.reports.options import Compared, ReportOptions
from timingctl.reports.sections import NAMES

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All sections, breakdowns and a comparison, of the tour."""
    path = inbox(tmp_path_factory.mktemp("schema"), ROOT / "fixtures" / "tour")
    found = report(
        ReportOptions(
            events=path, sections=NAMES, by=[("client", "week"), ("setter",)],
            window_from=datetime(2026, 2, 10), versus=Compared("the time before"),
        )
    )  # fmt: skip
    return json.loads(as_json(found.document))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.wide
def test_a_document_of_everything_is_as_it_says(document: Any) -> None:
    assert {"summary", "byClientWeek", "bySetter", "versus", "likeForLike"} <= set(document)
    VALIDATOR.validate(document)


def test_a_document_of_events_alone_is_too(tmp_path: Path) -> None:
    found = reported(tmp_path, "in | setter\n10:00:00 | 10:01:00", sections=NAMES)
    VALIDATOR.validate(json.loads(as_json(found.document)))
    nothing = reported(tmp_path, "in | setter\n10:00:00 | 10:01:00", clients=["nobody"])
    VALIDATOR.validate(json.loads(as_json(nothing.document)))


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("overview", "events", "11"),
        ("overview", "strange", 1),
        ("filters", "bookings", None),
        ("summary", "p50Ms", "fast"),
    ],
)
def test_another_document_is_not(document: Any, section: str, key: str, value: object) -> None:
    spoilt = {**document, section: {**document[section], key: value}}
    assert not VALIDATOR.is_valid(spoilt)
