"""Each reason: where it is given, and where the data do not support it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tests.diff.cases import AS_OF, TABLES, changed, difference, events, messages
from tests.tables import says
from timingctl.schemas import EVENT

NONE = pl.lit(None)
COLUMNS = [column.name for column in EVENT]
WRITTEN = ("createdAt", "updatedAt")


def test_rounded_to_milliseconds(tmp_path: Path) -> None:
    here = events(
        tmp_path,
        {
            "Message": """
                id | direction | sentAt          | sentBy | sentByUserId
                A  | in        | 10:00:00.123456 |        |
                C  | out       | 10:30:00.123455 | setter | u1
            """
        },
    )
    rounded = {
        name: pl.col(name).dt.round("1ms") for name in ("inboundSentAt", "setterResponseSentAt")
    }
    there = changed(here, "", **rounded, setterResponseMs=pl.lit(1_800_000))
    says(
        difference(here, there, ignored=WRITTEN),
        """
        kind    | column               | reason
        differs | inboundSentAt        | rounded
        differs | setterResponseSentAt | rounded
        differs | setterResponseMs     | rounded
        """,
    )
    later = changed(here, inboundSentAt=pl.col("inboundSentAt") + pl.duration(microseconds=1))
    assert difference(here, later)["reason"].to_list() == [None]


def test_saturated_milliseconds(tmp_path: Path) -> None:
    here = events(tmp_path)
    cut = changed(here, "A", setterResponseMs=pl.lit(2_147_483_647)).rename(
        tmp_path / "cut.parquet"
    )
    late = changed(here, "A", setterResponseMs=pl.lit(3_000_000_000))
    says(
        difference(late, cut),
        """
        inboundMessageId | column           | here       | there      | reason
        A                | setterResponseMs | 3000000000 | 2147483647 | saturated
        """,
    )
    assert difference(here, cut)["reason"].to_list() == [None]


def test_a_tie_between_answers_of_one_instant(tmp_path: Path) -> None:
    here = events(tmp_path)
    there = changed(here, "E", setterResponseMessageId=pl.lit("G"), setterSentByUserId=pl.lit("u9"))
    says(
        difference(here, there),
        """
        inboundMessageId | column                  | here | there | reason
        E                | setterResponseMessageId | F    | G     | tie
        E                | setterSentByUserId      | u2   | u9    | tie
        """,
    )


def test_a_tie_between_anchors_of_one_instant(tmp_path: Path) -> None:
    """Two inbounds at once: the app's table names the other."""
    messages = """
        id | direction | sentAt   | sentBy | sentByUserId
        A  | in        | 10:00:00 |        |
        B  | in        | 10:00:00 |        |
        C  | out       | 10:30:00 | setter | u1
    """
    here = events(tmp_path, {"Message": messages})
    there = changed(here, inboundMessageId=pl.lit("A"), id=pl.lit("A"))
    says(
        difference(here, there),
        """
        kind       | inboundMessageId | column | reason
        only there | A                |        | tie
        only here  | B                |        | tie
        """,
    )


def test_an_answer_at_the_anchor_s_own_instant_is_a_tie(tmp_path: Path) -> None:
    """The app lets an answer of zero milliseconds stand: C comes with B's answer to A."""
    here = events(
        tmp_path,
        {
            "Message": """
                id | direction | sentAt   | sentBy | sentByUserId
                A  | in        | 10:00:00 |        |
                B  | out       | 10:01:00 | setter | u1
                C  | in        | 10:01:00 |        |
                D  | out       | 10:03:00 | setter | u1
            """
        },
    )
    at_once = changed(
        here, "C",
        setterResponseMessageId=pl.lit("B"),
        setterResponseSentAt=pl.col("inboundSentAt"),
        setterResponseMs=pl.lit(0),
    )  # fmt: skip
    there = tmp_path / "there.parquet"
    pl.read_parquet(at_once).filter(inboundMessageId="C").write_parquet(there)
    found = difference(here, there)
    assert set(found["reason"]) == {"tie"}
    assert found["kind"].to_list() == ["only here", *["differs"] * 3]


def test_rule_next(tmp_path: Path) -> None:
    here = events(tmp_path / "turn")
    there = events(tmp_path / "next", setter_rule="next")
    expected = """
        inboundMessageId | column                  | reason
        A                | setterResponseMessageId | rule-next
        A                | setterResponseSentAt    | rule-next
        A                | setterSentByUserId      | rule-next
        A                | setterResponseMs        | rule-next
    """
    says(difference(here, there), expected)
    says(difference(there, here), expected)


def test_rule_next_is_only_said_of_a_side_that_may_be_of_it(tmp_path: Path) -> None:
    """Not of one that elsewhere has a setter after the AI, nor of one that knows no setters."""
    here = events(tmp_path)
    lost = {name: NONE for name in COLUMNS if name.startswith("setter")}
    without = changed(here, "", **lost)
    assert set(difference(here, without)["reason"]) == {None}
    there = changed(here, "A", **lost)
    assert set(difference(here, there)["reason"]) == {"rule-next"}
    early = pl.col("inboundSentAt") + pl.duration(minutes=1)
    there = changed(there, "E", aiResponseSentAt=early)
    assert set(difference(here, there)["reason"]) == {None}


def test_a_late_message_moved_the_anchor(tmp_path: Path) -> None:
    before = """
        id | direction | sentAt   | sentBy | sentByUserId
        A  | in        | 10:00:00 |        |
        C  | out       | 10:30:00 | setter | u1
    """
    here = events(tmp_path / "before", {"Message": before})
    there = events(tmp_path / "after", {"Message": f"{before.strip()}\nB | in | 10:03:00 | |"})
    says(
        difference(here, there),
        """
        kind       | inboundMessageId | column | reason
        only here  | A                |        | late-message
        only there | B                |        | late-message
        """,
    )


def test_a_late_message_took_the_setter_s_answer(tmp_path: Path) -> None:
    """A keeps the AI's answer; the setter's now answers the late X."""
    here = events(tmp_path / "before")
    there = events(tmp_path / "after", {"Message": messages("X | in | 10:10:00 | | | ")})
    says(
        difference(here, there),
        """
        kind       | inboundMessageId | column                  | reason
        differs    | A                | setterResponseMessageId | late-message
        differs    | A                | setterResponseSentAt    | late-message
        differs    | A                | setterSentByUserId      | late-message
        differs    | A                | setterResponseMs        | late-message
        only there | X                |                         | late-message
        """,
    )


def test_lone_anchors_that_share_no_answer_are_not_explained(tmp_path: Path) -> None:
    here = events(tmp_path, as_of=datetime(2026, 2, 20, tzinfo=UTC))
    later = pl.duration(seconds=1)
    there = changed(
        here, "E",
        inboundMessageId=pl.lit("Z"),
        inboundSentAt=pl.col("setterResponseSentAt") + later,
        setterResponseMessageId=pl.lit("Y"),
        setterResponseSentAt=pl.col("setterResponseSentAt") + 2 * later,
    )  # fmt: skip
    says(
        difference(here, there),
        """
        kind       | inboundMessageId | reason
        only here  | E                |
        only there | Z                |
        """,
    )


def test_newer_and_older(tmp_path: Path) -> None:
    """One side was built two days after the other, and from the second anchor on."""
    newer = messages(
        "P | in | 2026-02-12 10:00:00 | | |", "Q | out | 2026-02-12 10:10:00 | setter | u1 |"
    )
    here = events(tmp_path / "before")
    since = datetime(2026, 2, 10, 11, tzinfo=UTC)
    there = events(tmp_path / "after", {"Message": newer}, since=since)
    says(
        difference(here, there, ignored=WRITTEN),
        """
        kind       | inboundMessageId | reason
        only here  | A                | older
        only there | P                | newer
        """,
    )


def test_an_answer_that_the_other_side_could_not_know(tmp_path: Path) -> None:
    here = events(tmp_path / "before", {"Message": messages(without="B")})
    late = messages("B | out | 2026-02-12 10:10:00 | ai | | D", without="B")
    there = events(tmp_path / "after", {"Message": late})
    says(
        difference(here, there, ignored=WRITTEN),
        """
        inboundMessageId | column               | reason
        A                | aiResponseMessageId  | newer
        A                | aiResponseSentAt     | newer
        A                | aiResponseMs         | newer
        A                | aiActualDelaySeconds | newer
        """,
    )
    known = changed(here, createdAt=AS_OF)
    assert set(difference(known, there, ignored=WRITTEN)["reason"]) == {None}


def test_another_window(tmp_path: Path) -> None:
    here = events(tmp_path / "before")
    campaign = TABLES["EmailCampaign"].replace("180", "60 ").replace("420", "120")
    there = events(tmp_path / "after", {"EmailCampaign": campaign})
    found = difference(here, there)
    assert set(found["column"]) == {
        "aiDelayMinSeconds", "aiDelayMaxSeconds", "aiChosenDelaySeconds"
    }  # fmt: skip
    assert set(found["reason"]) == {"window-changed"}
    odd = changed(there, aiChosenDelaySeconds=pl.lit(1))
    found = difference(here, odd).filter(inboundMessageId="A")
    assert found["reason"].to_list() == [None, None, "chosen-inconsistent"]


def test_a_window_on_one_side_only(tmp_path: Path) -> None:
    here = events(tmp_path / "before")
    managed = "id | responseMode\nc1 | SETTER_MANAGED"
    there = events(tmp_path / "after", {"EmailCampaign": managed})
    assert set(difference(here, there)["reason"]) == {"window-missing"}


def test_a_chosen_delay_that_does_not_follow(tmp_path: Path) -> None:
    here = events(tmp_path)
    there = changed(here, "A", aiChosenDelaySeconds=pl.col("aiChosenDelaySeconds") + 1)
    says(
        difference(here, there),
        """
        inboundMessageId | column               | reason
        A                | aiChosenDelaySeconds | chosen-inconsistent
        """,
    )


def test_a_rescheduled_job(tmp_path: Path) -> None:
    here = events(tmp_path / "before")
    job = TABLES["BackgroundJob"].replace("10:05:03", "10:07:03").replace("10:05:10", "10:07:10")
    there = events(tmp_path / "after", {"BackgroundJob": job})
    says(
        difference(here, there),
        """
        inboundMessageId | column           | reason
        A                | aiScheduledRunAt | job-rescheduled
        A                | aiJobStartedAt   | job-rescheduled
        """,
    )
    another = changed(there, "A", aiBackgroundJobId=pl.lit("J2"))
    assert difference(here, another)["reason"].to_list() == [None] * 3


def test_a_job_that_had_not_run_yet(tmp_path: Path) -> None:
    there = events(tmp_path)
    here = changed(there, "A", aiJobStartedAt=NONE, aiJobFinishedAt=NONE)
    assert difference(here, there)["reason"].to_list() == ["job-ran-since"] * 2
    crossed = changed(there, "A", aiJobStartedAt=NONE).rename(tmp_path / "crossed.parquet")
    here = changed(there, "A", aiJobFinishedAt=NONE)
    assert difference(here, crossed)["reason"].to_list() == [None] * 2


def test_other_as_of_and_own_ids(tmp_path: Path) -> None:
    here = events(tmp_path)
    later = changed(here, createdAt=AS_OF, updatedAt=AS_OF)
    found = difference(here, later)
    assert found["reason"].to_list() == ["as-of"] * 4
    one = changed(here, "A", createdAt=AS_OF)
    assert difference(here, one)["reason"].to_list() == [None]
