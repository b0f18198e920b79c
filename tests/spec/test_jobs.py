"""The background job behind a draft."""

from pathlib import Path

import pytest

from tests.tables import built, says

MESSAGES = """
    id | sentAt   | direction | sentBy | aiDraftId
    A  | 10:00:00 | in        |        |
    B  | 10:05:12 | out       | ai     | dA
"""
DRAFTS = "id | triggerMessageId\ndA | A"
JOB_COLUMNS = "id | type | messageId | draftId | runAt | startedAt | finishedAt"
SENDING = "AI_AUTO_SEND_DELAYED | A | dA"


def jobs(tmp_path: Path, *lines: str) -> list[str]:
    events = built(tmp_path, {
        "Message": MESSAGES,
        "AIDraft": DRAFTS,
        "BackgroundJob": "\n".join([JOB_COLUMNS, *lines]),
    })  # fmt: skip
    return [id_ or "" for id_ in events["aiBackgroundJobId"].to_list()]


def test_the_job_of_the_draft(tmp_path: Path) -> None:
    events = built(tmp_path, {
        "Message": MESSAGES,
        "AIDraft": DRAFTS,
        "BackgroundJob": f"{JOB_COLUMNS}\nj1 | {SENDING} | 10:05:00 | 10:05:10 | 10:05:13",
    })  # fmt: skip
    says(events, """
        aiBackgroundJobId | aiScheduledRunAt | aiJobStartedAt | aiJobFinishedAt
        j1                | 10:05:00         | 10:05:10       | 10:05:13
    """)  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("SEND_REMINDER | A | dA", id="another type"),
        pytest.param("ai_auto_send_delayed | A | dA", id="a type is compared by bytes"),
        pytest.param("AI_AUTO_SEND_DELAYED | B | dA", id="another message"),
        pytest.param("AI_AUTO_SEND_DELAYED | A | dB", id="another draft"),
        pytest.param("AI_AUTO_SEND_DELAYED | A | ", id="no draft"),
    ],
)
def test_other_jobs_are_not_the_drafts(tmp_path: Path, other: str) -> None:
    assert jobs(tmp_path, f"j1 | {other} | 10:05:00 | | ") == [""]


def test_a_job_needs_no_start(tmp_path: Path) -> None:
    assert jobs(tmp_path, f"j1 | {SENDING} | 10:05:00 | | ") == ["j1"]


@pytest.mark.parametrize(
    ("first", "second", "preferred"),
    [
        pytest.param("10:01:00 | 10:01:05", "10:09:00 | ", "j1", id="started before unstarted"),
        pytest.param("10:09:00 | 10:01:05", "10:01:00 | 10:02:05", "j2", id="later startedAt"),
        pytest.param("10:01:00 | 10:02:05", "10:02:00 | 10:02:05", "j2", id="later runAt"),
        pytest.param("10:02:00 | ", "10:01:00 | ", "j1", id="later runAt of unstarted ones"),
        pytest.param("10:01:00 | 10:02:05", "10:01:00 | 10:02:05", "j2", id="greater id"),
    ],
)
def test_of_several_jobs_one_is_preferred(
    tmp_path: Path, first: str, second: str, preferred: str
) -> None:
    lines = f"j1 | {SENDING} | {first} | ", f"j2 | {SENDING} | {second} | "
    assert jobs(tmp_path / "forwards", *lines) == [preferred]
    assert jobs(tmp_path / "backwards", *reversed(lines)) == [preferred]
