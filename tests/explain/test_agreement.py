"""An explanation never disagrees with the build: on every fixture, and on random exports."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import model
from tests.cases import CASES, FIXTURES, options_of
from tests.worlds import Row, World, worlds, write_exports
from timingctl.documents import iso
from timingctl.errors import InputError
from timingctl.explanations import ExplainOptions, told
from timingctl.exports.source import opened
from timingctl.options import SourceOptions
from timingctl.pipeline import relate
from timingctl.progress import Silence

#: Every message of a world is explained: that takes as long as so many examples of others.
PER_WORLD = 10


@contextmanager
def explaining(options: SourceOptions) -> Iterator[Callable[[str], Any]]:
    """What tells the story of one message after another; the exports are related once."""
    common = {field.name: getattr(options, field.name) for field in fields(SourceOptions)}
    common["extras"] = ExplainOptions.extras
    with opened(replace(options, extras=ExplainOptions.extras)) as source:
        related = relate(source, Silence())

        def story(message: str) -> Any:
            source.warehouse.execute("begin")  # each makes its own relations
            try:
                return told(source, related, ExplainOptions(**common, message=message)).document
            finally:
                source.warehouse.execute("rollback")

        yield story


def records(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.wide(but=5)
@pytest.mark.parametrize("name", CASES)
def test_the_explained_event_is_the_expected_one(name: str, thorough: bool) -> None:
    """Of a fixture's events every one if there are hours, else every third."""
    case = FIXTURES / name
    with explaining(options_of(case)) as explained:
        for expected in records(case / "expected.csv")[:: 1 if thorough else 3]:
            story = explained(expected["id"])
            assert story["standing"] == "anchor"
            event = story["event"].items()
            assert {key: "" if value is None else str(value) for key, value in event} == expected
            assert list(story["event"]) == list(expected)


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("name", ["two_channels", "tour", "ties", "unusable_rows"])
def test_every_other_message_is_no_anchor_and_has_no_event(name: str) -> None:
    case = FIXTURES / name
    anchors = {row["id"] for row in records(case / "expected.csv")}
    ids = {row["id"] for row in records(case / "Message.csv")} - anchors - {""}
    with explaining(options_of(case)) as explained:
        stories = [explained(id_) for id_ in ids]
    assert {story["standing"] for story in stories}.isdisjoint({"anchor"})
    assert all(story["event"] is None for story in stories)


# Worlds that fail are long until the simplest is found.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=max(settings().max_examples // PER_WORLD, 1))
@given(
    worlds(),
    st.sampled_from(["turn", "next"]),
    st.lists(st.integers(0, 30), min_size=3, max_size=5, unique=True),
)
def test_the_story_of_any_message_is_the_models(
    world: World, setter_rule: str, places: list[int]
) -> None:
    tables, history = world
    known = sorted({row["id"] for row in tables["Message"]} - {""})
    messages = {known[place % len(known)] for place in places} | {"not there"}
    events = {row["id"]: row for row in model.events(tables, setter_rule, history)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        windows = write_exports(folder, model.COLUMNS, world)
        options = SourceOptions(
            folder, setter_rule=setter_rule, delay_windows=windows,
            allow_rejects=True,
        )  # fmt: skip
        with explaining(options) as explained:
            for message in sorted(messages):
                if message in known:
                    agrees(explained(message), message, tables, events)
                else:
                    with pytest.raises(InputError, match="The exports have no message"):
                        explained(message)


def agrees(told: Any, message: str, tables: dict[str, list[Row]], events: dict[str, Row]) -> None:
    """Hold a story to the model's events."""
    assert told["because"]
    leads = {lead["id"] for lead in model.usable("Lead", tables["Lead"])}
    used = [row for row in model.usable("Message", tables["Message"]) if row["leadId"] in leads]
    assert (told["standing"] != "rejected") == (message in {row["id"] for row in used})
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
