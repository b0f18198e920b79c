"""An explanation never disagrees with the build: on every fixture, and on random exports."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import model
from tests.cases import CASES, FIXTURES, options_of
from tests.properties.test_model import HISTORIES, HISTORY_COLUMNS, IDS, TABLES, Row, write_csv
from timingctl.documents import iso
from timingctl.errors import InputError
from timingctl.explanations import ExplainOptions, explain
from timingctl.options import SourceOptions


def explained(options: SourceOptions, message: str) -> Any:
    common = {field.name: getattr(options, field.name) for field in fields(SourceOptions)}
    return explain(ExplainOptions(**common, message=message)).document


def records(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", CASES)
def test_the_explained_event_is_the_expected_one(name: str) -> None:
    case = FIXTURES / name
    for expected in records(case / "expected.csv"):
        told = explained(options_of(case), expected["id"])
        assert told["standing"] == "anchor"
        event = {key: "" if value is None else str(value) for key, value in told["event"].items()}
        assert event == expected
        assert list(told["event"]) == list(expected)


@pytest.mark.parametrize("name", ["tour", "ties", "unusable_rows", "two_channels"])
def test_every_other_message_is_no_anchor_and_has_no_event(name: str) -> None:
    case = FIXTURES / name
    anchors = {row["id"] for row in records(case / "expected.csv")}
    ids = {row["id"] for row in records(case / "Message.csv")} - anchors - {""}
    told = {id_: explained(options_of(case), id_) for id_ in ids}
    assert {story["standing"] for story in told.values()}.isdisjoint({"anchor"})
    assert all(story["event"] is None for story in told.values())


@settings(max_examples=60)
@given(TABLES, st.sampled_from(["turn", "next"]), HISTORIES, st.sampled_from(IDS))
def test_the_story_of_any_message_is_the_models(
    tables: dict[str, list[Row]], setter_rule: str, history: list[Row], message: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table_name, rows in tables.items():
            write_csv(folder / f"{table_name}.csv", model.COLUMNS[table_name], rows)
        write_csv(folder / "history.csv", HISTORY_COLUMNS, history)
        options = ExplainOptions(
            folder, message=message, setter_rule=setter_rule, delay_windows=folder / "history.csv"
        )
        if message not in {row["id"] for row in tables["Message"]}:
            with pytest.raises(InputError, match="The exports have no message"):
                explain(options)
            return
        told: Any = explain(options).document

    assert told["because"]
    leads = {lead["id"] for lead in model.usable("Lead", tables["Lead"])}
    used = [row for row in model.usable("Message", tables["Message"]) if row["leadId"] in leads]
    assert (told["standing"] != "rejected") == (message in {row["id"] for row in used})
    events = {row["id"]: row for row in model.events(tables, setter_rule, history)}
    assert (told["standing"] == "anchor") == (message in events)
    if message in events:
        expected = {
            key: iso(value) if hasattr(value, "tzinfo") else value
            for key, value in events[message].items()
        }
        assert {key: told["event"][key] for key in expected} == expected
        chosen = expected["aiChosenDelaySeconds"]
        assert (told["delay"] and told["delay"]["chosenSeconds"]) == chosen
        assert told["setterResponse"]["messageId"] == expected["setterResponseMessageId"]
        assert told["aiResponse"]["messageId"] == expected["aiResponseMessageId"]
        preferred = [draft["draftId"] for draft in told["drafts"] if draft["isPreferred"]]
        assert preferred == [draft for draft in [expected["aiDraftId"]] if draft]
        jobs = [job["jobId"] for job in told["jobs"] if job["isPreferred"]]
        assert jobs == [job for job in [expected["aiBackgroundJobId"]] if job]
    if told["standing"] == "superseded":
        assert told["anchorId"] in events
    if told["standing"] == "outbound":
        answered = [
            row["id"]
            for row in events.values()
            if message in {row["setterResponseMessageId"], row["aiResponseMessageId"]}
        ]
        is_response = any("It is the" in sentence for sentence in told["because"])
        assert is_response == bool(answered)
        assert not answered or told["anchorId"] == answered[0]
