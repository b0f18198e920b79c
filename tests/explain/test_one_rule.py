"""Explain and build cannot drift apart: where the rule's text is changed, both follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlglot
from sqlglot import exp

from tests.mutants.__main__ import sql_in_a_copy
from tests.tables import write_exports
from timingctl.explanations import ExplainOptions, explain
from timingctl.exports.source import opened
from timingctl.options import BuildOptions
from timingctl.pipeline import build, relate
from timingctl.progress import Silence
from timingctl.reports.figures import report
from timingctl.reports.options import ReportOptions
from timingctl.sql_text import SQL_FOLDER, sql_text

if TYPE_CHECKING:
    from timingctl.explanations.document import Story

EXPORTS = {
    "Message": """
        id | sentAt   | direction | sentBy | sentByUserId | aiDraftId | channel
        Y  | 09:00:00 | out       | ai     |              | d1        | email
        A  | 10:00:00 | in        |        |              |           | email
        N  | 10:01:00 | out       | setter |              |           | email
        U  | 10:02:00 | out       | setter | u1           |           | email
        C  | 10:03:00 | out       | ai     |              | d2        | email
        D  | 10:03:01 | out       | ai     |              | d2        | email
        S  | 10:00:00 | in        |        |              |           | sms
    """,
    "AIDraft": """
        id | triggerMessageId | channel | createdAt
        d1 | A                | email   | 10:00:09
        d2 | A                | email   | 10:00:05
        d3 | A                | sms     | 10:00:05
    """,
    "BackgroundJob": """
        id | type                 | messageId | draftId | runAt    | startedAt | finishedAt
        j1 | AI_AUTO_SEND_DELAYED | A         | d2      | 10:03:00 |           |
        j2 | AI_AUTO_SEND_DELAYED | A         | d2      | 10:04:30 |           |
        j3 | SEND_REMINDER        | A         | d2      | 10:02:00 |           |
        j4 | AI_AUTO_SEND_DELAYED | A         | d1      | 10:02:00 |           |
    """,
    "Lead": "id | emailCampaignId\nL | c1",
    "EmailCampaign": "id | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds\n"
    "c1 | AI_AUTO_SEND | 180 | 420",
}


@pytest.fixture
def sql() -> Iterator[Path]:
    with sql_in_a_copy() as folder:
        yield folder / "sql"


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, old
    file.write_text(text.replace(old, new))


def told_of(folder: Path, message: str) -> Story:
    return explain(ExplainOptions(folder / "exports", message=message)).document


def of(told: Story) -> dict[str, str]:
    """What is said of each draft, of each job, of the responses and of the schedule."""
    assert told["setterResponse"]
    assert told["aiResponse"]
    assert told["window"]
    return {
        **{draft["draftId"]: draft["because"] for draft in told["drafts"]},
        **{job["jobId"]: job["because"] for job in told["jobs"]},
        "setter": told["setterResponse"]["because"][0],
        "ai": told["aiResponse"]["because"][0],
        "window": told["window"]["because"][-1],
        "verdict": told["schedule"]["verdict"] if told["schedule"] else "",
    }


@pytest.mark.wide(but=2)
@pytest.mark.parametrize(
    ("change", "event", "said"),
    [
        (("events/ranked_draft", "order by isSent desc", "order by isSent"),
         {"aiDraftId": "d1", "aiResponseMessageId": None},
         {"d1": "preferred (sent before unsent)", "d2": "not preferred (sent before unsent)",
          "j4": "the only one", "j1": "for another draft than the event's"}),
        (("events/ranked_draft", "order by isSent desc, ", "order by "), {"aiDraftId": "d1"},
         {"ai": "None: the AI did not send draft d1 in answer."}),
        (("events/ranked_job", "runAt desc", "runAt"), {"aiBackgroundJobId": "j1"},
         {"j1": "preferred (later runAt)", "j2": "not preferred (later runAt)"}),
        (("staging/sending_job", "= 'AI_AUTO_SEND_DELAYED'", "= 'SEND_REMINDER'"),
         {"aiBackgroundJobId": "j3"}, {"j3": "the only one"}),
        (("events/anchor_draft", "and anchor.channelNumber = known_channel.channelNumber", ""),
         {"aiDraftId": "d2"}, {"d3": "not preferred (sent before unsent)"}),
        (("events/thread_message", " and message.sentByUserId is not null", ""),
         {"setterResponseMessageId": "N"},
         {"setter": "N: the turn's first message by a setter with a user id."}),
        (("events/anchor", "where $setter_rule = 'turn' or", "where $setter_rule = 'none' or"),
         {"setterResponseMessageId": None},
         {"setter": "None: rule next looks only at N, right after the anchor, which is by a setter "
          "without id. Under rule turn it would be U."}),
        (("staging/campaign_window", "distinct from 'AI_AUTO_SEND'", "distinct from 'BOTH'"),
         {"aiChosenDelaySeconds": None},
         {"window": "None: the responseMode of campaign c1 is AI_AUTO_SEND, not AI_AUTO_SEND.",
          "verdict": "noWindow"}),
        (("macros/scheduled_ms", "1000) - ", "1000) - 25000 - "), {}, {"verdict": "match"}),
    ],
)  # fmt: skip
def test_what_is_told_follows_the_build(
    tmp_path: Path,
    sql: Path,
    change: tuple[str, str, str],
    event: dict[str, object],
    said: dict[str, str],
) -> None:
    write_exports(tmp_path / "exports", EXPORTS)
    before = told_of(tmp_path, "A")
    file, old, new = change
    changed(sql / f"{file}.sql", old, new)
    told = told_of(tmp_path, "A")
    assert told["event"]
    assert {key: told["event"][key] for key in event} == event
    assert {key: of(told)[key] for key in said} == said
    assert all(of(before)[key] != of(told)[key] for key in said)
    [draft] = [draft["draftId"] for draft in told["drafts"] if draft["isPreferred"]]
    jobs = [job["jobId"] for job in told["jobs"] if job["isPreferred"]]
    assert draft == told["event"]["aiDraftId"]
    assert jobs == [job for job in [told["event"]["aiBackgroundJobId"]] if job]


def test_a_part_before_the_anchor_is_one_where_the_build_says_so(tmp_path: Path, sql: Path) -> None:
    write_exports(tmp_path / "exports", EXPORTS)
    told = told_of(tmp_path, "Y")["because"][-1]
    assert told == "By the AI from draft d1, but before A, which that answers: it is nobody's " \
        "response."  # fmt: skip
    changed(sql / "events/draft_part.sql", ">= draft_message.turnStart", ">= 0")
    changed(sql / "events/turn_message.sql", " and lastInboundNumber is not null", "")
    told = told_of(tmp_path, "Y")["because"][-1]
    assert told == "It is the AI's response to A: the first message sent from that anchor's " \
        "draft, d1."  # fmt: skip


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(("condition", "verdict"), [("=", "later"), (">=", "match")])
def test_reports_and_explain_give_one_verdict(
    tmp_path: Path, sql: Path, condition: str, verdict: str
) -> None:
    write_exports(tmp_path / "exports", EXPORTS)
    changed(sql / "macros/schedule_verdict.sql",
            "scheduled_ms = chosen", f"scheduled_ms {condition} chosen")  # fmt: skip
    events = tmp_path / "events.parquet"
    build(BuildOptions(source=tmp_path / "exports", output=events))
    figures = report(ReportOptions(events, sections=("delay-check",))).document
    assert of(told_of(tmp_path, "A"))["verdict"] == verdict
    assert dict(figures["delayCheck"])[verdict] == 1


@pytest.mark.parametrize("relation", ["ranked_draft", "ranked_job"])
def test_the_reasons_of_a_rank_are_the_keys_of_its_order(relation: str) -> None:
    text = (SQL_FOLDER / "events" / f"{relation}.sql").read_text()
    tree = sqlglot.parse_one(text, dialect="duckdb")
    [window] = tree.args["windows"]
    order = window.args["order"].expressions
    [case] = tree.find_all(exp.Case)
    compared = [next(branch.this.find_all(exp.Column)).name for branch in case.args["ifs"]]
    assert list(dict.fromkeys(compared)) == [term.this.name for term in order]
    reasons = [branch.args["true"].this for branch in case.args["ifs"]]
    assert all(re.match("later|greater|.*Before", reason) for reason in reasons)
    assert all(term.args["desc"] for term in order)  # what is later, greater or true goes first


def test_a_build_does_not_compute_the_reasons(tmp_path: Path) -> None:
    options = BuildOptions(write_exports(tmp_path / "exports", EXPORTS))
    with opened(options) as source:
        relate(source, Silence())
        for ranked in ("draft", "job"):
            reasons = f"select anchorNumber, preferredBy from ranked_{ranked}"
            [[(_, with_them)], [(_, plan)]] = (
                source.warehouse.execute(f"explain {sql}")
                for sql in (reasons, sql_text("events", f"preferred_{ranked}"))
            )
            assert "first_value" in with_them.lower()
            assert "row_number" in plan.lower()
            assert "first_value" not in plan.lower()
