"""Lists of leads to work on: which rows, in which order, and what surrounds them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import timingctl
from tests.bad_input.tool import timingctl as command
from tests.report.cases import says
from tests.report.inboxes import inbox
from tests.tables import write_exports

#: As of Tuesday, 10 February, 12:00: l1 waits since the Friday before, l2 since 11:00, l3 was
#: answered after an hour, l4 by somebody without an id, l5 by a campaign.
TABLES = {
    "Message": """
        id | leadId | channel | direction | sentAt              | sentBy | sentByUserId | aiDraftId | source
        a1 | l1     | email   | in        | 2026-02-06 16:00:00 |        |              |           |
        a2 | l1     | email   | in        | 2026-02-06 17:00:00 |        |              |           |
        b1 | l2     | sms     | in        | 11:00:00            |        |              |           |
        b2 | l2     | sms     | out       | 11:01:00            |        |              |           | campaign
        c1 | l3     | email   | in        | 09:00:00            |        |              |           |
        c2 | l3     | email   | out       | 10:00:00            | setter | u1           |           |
        d1 | l4     | email   | in        | 09:00:00            |        |              |           |
        d2 | l4     | email   | out       | 12:00:00            | setter |              |           |
        e1 | l5     | sms     | in        | 08:00:00            |        |              |           |
        e2 | l5     | sms     | out       | 08:20:00            | ai     |              | D5        |
    """,  # noqa: E501
    "AIDraft": """
        id | triggerMessageId | channel
        D1 | a2               | email
        D5 | e1               | sms
    """,
    "BackgroundJob": """
        id | messageId | draftId | runAt               | startedAt | finishedAt | lastError
        j1 | a2        | D1      | 2026-02-06 17:05:00 |           |            | boom
        j5 | e1        | D5      | 08:19:58            | 08:19:59  | 08:20:00   |
    """,
    "Lead": """
        id | clientId | emailCampaignId
        l1 | K1       | spring
        l2 | K1       |
        l3 | K2       | spring
        l4 | K2       |
        l5 | K1       | spring
    """,
    "EmailCampaign": """
        id     | name   | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds
        spring | Spring | AI_AUTO_SEND | 300                     | 300
    """,
}  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    return inbox(folder, write_exports(folder / "exports", TABLES), delay_windows="current")


def rows(path: Path, kind: str, **options: Any) -> Any:
    return timingctl.list_leads(path, kind, **options).document["rows"]


def test_who_waits_the_longest_first(path: Path) -> None:
    """A campaign's message ends no wait; the draft for l1's second message waits."""
    says(rows(path, "open"), """
        messageId | leadId | clientId | campaignName | waitMs    | lastMessageBy | draftWaiting
        a1        | l1     | K1       | Spring       | 331200000 | lead          | True
        b1        | l2     | K1       |              | 3600000   | campaign      | False
    """)  # fmt: skip


def test_who_waited_the_longest_first(path: Path) -> None:
    says(rows(path, "slow"), """
        messageId | leadId | waitMs   | endedBy | lastMessageBy
        d1        | l4     | 10800000 | setter  | setter
        c1        | l3     | 3600000  | setter  | setter
        e1        | l5     | 1200000  | ai      | ai
    """)  # fmt: skip


def test_jobs_that_were_late(path: Path) -> None:
    """Chosen were 300 s: e1's answer came 15 minutes after that; a2's job was due in time."""
    says(rows(path, "late"), """
        messageId | jobId | waitMs | outcome | schedule
        e1        | j5    | 900000 | sent    | later
    """)  # fmt: skip


def test_jobs_that_sent_nothing(path: Path) -> None:
    says(rows(path, "unsent"), """
        messageId | jobId | outcome | schedule | runAt
        a2        | j1    | failed  | match    | 2026-02-06T17:05:00.000000Z
    """)  # fmt: skip


def test_jobs_about_a_message_that_is_not_known(path: Path, tmp_path: Path) -> None:
    """They are listed last of their outcome: reports and checks count them, too."""
    job = "\nj9 | zz | D9 | 2026-02-06 17:05:00 | | | boom"
    tables = TABLES | {"BackgroundJob": TABLES["BackgroundJob"].rstrip() + job}
    odd = inbox(tmp_path, write_exports(tmp_path / "exports", tables), delay_windows="current")
    for options in ({}, {"business_hours": "Mon-Fri 09:00-17:00"}):
        says(rows(odd, "unsent", **options), """
            messageId | leadId | channel | waitingSince                | jobId | outcome
            a2        | l1     | email   | 2026-02-06T17:00:00.000000Z | j1    | failed
            zz        |        |         |                             | j9    | failed
        """)  # fmt: skip
        assert rows(odd, "unsent", **options)[1]["waitMs"] is None
    assert rows(odd, "unsent", business_hours="Mon-Sun 00:00-24:00")[1]["businessWaitMs"] is None
    broken = timingctl.check(odd, rule="jobs.unsent_share <= 0%").document["broken"]
    assert broken[0]["figure"] == 2 / 3
    for asked in ({"channel": "email"}, {"from_": "2026-02-01"}, {"over": "1s"}, {"client": "K1"}):
        assert [row["jobId"] for row in rows(odd, "unsent", **asked)] == ["j1"]
    assert rows(path, "unsent") == rows(odd, "unsent")[:1]
    shown = command("list", odd, "unsent", "--link", "x/{leadId}", "-o", tmp_path / "a.xlsx")
    assert [line.split()[:3] for line in shown.out.splitlines()][-1] == ["–", "–", "–"]


def test_anchors_that_neither_answered(path: Path) -> None:
    says(rows(path, "neither"), """
        messageId | leadId | firstOutboundBy
        d1        | l4     | setterUnknown
        b1        | l2     | campaign
    """)  # fmt: skip


def test_filters(path: Path) -> None:
    assert [row["leadId"] for row in rows(path, "slow", client="K2")] == ["l4", "l3"]
    assert [row["leadId"] for row in rows(path, "slow", channel="sms")] == ["l5"]
    assert [row["leadId"] for row in rows(path, "slow", campaign="spring")] == ["l3", "l5"]
    assert [row["leadId"] for row in rows(path, "open", from_="2026-02-10")] == ["l2"]
    assert rows(path, "open", client="nobody") == []


def test_what_a_list_is_about_stands_above_it(path: Path) -> None:
    shown = command("list", path, "slow", "--client", "K2", "--from", "2026-02-10", "--over", "1h")
    assert shown.out.splitlines()[1:4] == [
        "Only clients K2.",
        "Inbounds from 2026-02-10 00:00:00Z to the last.",
        "Only longer than 1h00m.",
    ]
    unknown = command("list", path, "slow", "--client", "zzz", "--campaign", "x")
    assert "Unknown client zzz; there are K1, K2. " not in unknown.out
    assert "Note: Unknown client zzz; there are K1, K2." in unknown.err
    assert "Note: Unknown campaign x; there are spring." in unknown.err


def test_who_waited_over_the_weekend(path: Path) -> None:
    """From the Friday to the Tuesday; on a clock on which it was Saturday already, not."""
    assert [row["leadId"] for row in rows(path, "open", weekend=True)] == ["l1"]
    assert rows(path, "open", weekend=True, tz="Pacific/Kiritimati") == []
    with pytest.raises(timingctl.UsageError, match="--weekend is of waits"):
        timingctl.list_leads(path, "late", weekend=True)


def test_business_time(path: Path) -> None:
    """Friday 16:00 to 17:00, all Monday, Tuesday 9:00 to 12:00: 12 hours."""
    found = rows(path, "open", business_hours="Mon-Fri 09:00-17:00")
    assert [row["businessWaitMs"] / 3_600_000 for row in found] == [12, 1]


def test_what_is_longer_than_a_time(path: Path) -> None:
    """Strictly longer, by the clock that is asked for: l4's three hours were one of business."""
    assert [row["leadId"] for row in rows(path, "slow", over="1h")] == ["l4"]
    assert [row["leadId"] for row in rows(path, "slow", over="59min")] == ["l4", "l3"]
    late = {"business_hours": "Mon-Fri 11:00-17:00"}
    assert rows(path, "slow", over="1h", **late) == []
    assert [row["leadId"] for row in rows(path, "slow", over="59min", **late)] == ["l4"]


def test_how_late_a_job_was_goes_by_the_elapsed_time(path: Path) -> None:
    """j5 sent 15 minutes after the chosen delay; 5 of the 20 from the inbound were of business."""
    hours = {"business_hours": "Mon-Fri 08:15-17:00"}
    [row] = rows(path, "late", over="10min", **hours)
    assert (row["waitMs"], row["businessWaitMs"]) == (900_000, 300_000)


def test_days_are_a_duration(path: Path) -> None:
    assert [row["leadId"] for row in rows(path, "open", over="3d")] == ["l1"]


def test_a_table_has_the_words_of_reports(path: Path) -> None:
    """CSV and JSON have the keys."""
    assert "Sent     Later     2026-02-10 08:19:58Z" in command("list", path, "late").out
    assert ",sent,later,2026" in command("list", path, "late", "--format", "csv").out


def test_a_job_that_ran_as_it_was_scheduled_is_not_late(tmp_path: Path) -> None:
    """j1 waited 10 minutes in the queue; j2 was scheduled late, and is due after the as-of."""
    tables = {
        "Message": """
            id | leadId | direction | sentAt   | sentBy | aiDraftId
            a1 | l1     | in        | 09:00:00 |        |
            a2 | l1     | out       | 09:15:00 | ai     | D1
            b1 | l2     | in        | 10:00:00 |        |
            c1 | l3     | in        | 11:00:00 |        |
        """,
        "AIDraft": "id | triggerMessageId\nD1 | a1\nD2 | b1\nD3 | c1",
        "BackgroundJob": """
            id | messageId | draftId | runAt    | startedAt | finishedAt
            j1 | a1        | D1      | 09:05:00 | 09:15:00  | 09:15:00
            j2 | b1        | D2      | 16:00:00 |           |
            j3 | c1        | D3      | 11:06:30 |           |
        """,
        "Lead": "id | clientId | emailCampaignId\nl1 | K | c\nl2 | K | c\nl3 | K | c",
        "EmailCampaign": "id | responseMode | autoSendDelayMinSeconds | autoSendDelayMaxSeconds"
        "\nc | AI_AUTO_SEND | 300 | 300",
    }
    path = inbox(
        tmp_path, write_exports(tmp_path / "exports", tables),
        delay_windows="current", as_of=datetime(2026, 2, 10, 12, tzinfo=UTC),
    )  # fmt: skip
    says(rows(path, "late"), """
        jobId | waitMs   | outcome     | schedule
        j3    | 90000    | unexplained | later
        j2    | 21300000 | due         | opening
    """)  # fmt: skip


def test_the_rows_as_a_frame(path: Path) -> None:
    found = timingctl.list_leads(path, "slow")
    assert found.frame["leadId"].to_list() == ["l4", "l3", "l5"]
    assert repr(found) == "List(slow, 3 rows)"
    assert timingctl.list_leads(path, "slow", client="nobody").frame.columns == found.columns


def test_a_limit_is_told(path: Path) -> None:
    found = timingctl.list_leads(path, "slow", limit=1)
    assert [row["leadId"] for row in found.document["rows"]] == ["l4"]
    assert found.document["total"] == 3
    assert found.notes == ["1 of 3 are shown; --limit 3 shows all."]


def test_links_are_parts_of_a_url(tmp_path: Path) -> None:
    tables = {
        "Message": "id | leadId | direction | sentAt\nm/1 | a b&c | in | 09:00:00",
        "Lead": "id\na b&c",
    }
    path = inbox(tmp_path, write_exports(tmp_path / "exports", tables))
    [row] = rows(path, "open", link="https://app/{leadId}?m={messageId}")
    assert row["link"] == "https://app/a%20b%26c?m=m%2F1"
    with pytest.raises(timingctl.UsageError, match=r"--link has {lead}; a link"):
        timingctl.list_leads(path, "open", link="https://app/{lead}")


def test_the_command(path: Path, tmp_path: Path) -> None:
    shown = command("list", path, "open")
    assert (shown.code, "Leads that wait, the longest first: 2" in shown.out) == (0, True)
    data = json.loads(command("list", path, "open", "--json").out)
    told = list(csv.DictReader(io.StringIO(command("list", path, "open", "--format", "csv").out)))
    assert [row["leadId"] for row in told] == [row["leadId"] for row in data["rows"]]
    assert list(told[0]) == data["columns"] == list(data["rows"][0])
    assert "| Lead |" in command("list", path, "open", "--format", "markdown").out
    book = tmp_path / "open.xlsx"
    assert command("list", path, "open", "-o", book, "-q").code == 0
    assert book.read_bytes()[:2] == b"PK"


def test_the_screen_has_the_first_of_a_workbook(tmp_path: Path) -> None:
    """A workbook has all rows; nobody reads thousands of them on a screen."""
    waiting = [f"m{n} | l{n} | 10:{n}:00 | in" for n in range(10, 32)]
    messages = "\n".join(["id | leadId | sentAt | direction", *waiting])
    exports = write_exports(tmp_path / "exports", {**TABLES, "Message": messages, "Lead": None})
    many, book = inbox(tmp_path, exports, client="K"), tmp_path / "open.xlsx"
    for form in ("table", "markdown"):
        shown = command("list", many, "open", "-o", book, "--format", form)
        assert ("m29" in shown.out, "m30" in shown.out) == (True, False)
        assert f"Note: 20 of 22 are shown; {book} has all.\n" in shown.err
        with zipfile.ZipFile(book) as parts:
            assert "m31" in parts.read("xl/sharedStrings.xml").decode()
    for asked in (("--limit", "22"), ("--format", "csv")):
        shown = command("list", many, "open", "-o", book, *asked)
        assert ("m31" in shown.out, "are shown" in shown.err) == (True, False)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["nothing"], 2, "'nothing' is not one of"),
        (["open", "-o", "list.csv"], 2, ".xlsx; for CSV write --format csv > FILE."),
        (["open", "--holidays", "days.txt"], 10, "--holidays needs --business-hours"),
        (["open", "--client", "nobody", "--fail-empty"], 1, ""),
    ],
)
def test_what_cannot_be_listed(path: Path, arguments: list[str], code: int, says: str) -> None:
    refused = command("list", path, *arguments)
    assert refused.code == code
    assert says in refused.err


def test_a_file_of_events_is_no_inbox(tmp_path: Path, path: Path) -> None:
    events = tmp_path / "events.csv"
    timingctl.build(path, events)
    refused = command("list", events, "open")
    assert refused.code == 11
    assert "is no inbox: make one by" in refused.err


def test_what_came_after_the_as_of_is_of_no_age(tmp_path: Path) -> None:
    early = inbox(
        tmp_path, write_exports(tmp_path / "exports", TABLES),
        delay_windows="current", as_of=datetime(2026, 2, 6, 16, 30, tzinfo=UTC),
    )  # fmt: skip
    for options in ({}, {"business_hours": "Mon-Fri 09:00-17:00"}):
        ages = {
            (kind, row["messageId"]): (row["waitMs"], row.get("businessWaitMs", 0))
            for kind in ("neither", "unsent")
            for row in rows(early, kind, **options)
        }
        listed = [("neither", "b1"), ("neither", "d1"), ("unsent", "a2")]
        assert ages == dict.fromkeys(listed, (0, 0))
