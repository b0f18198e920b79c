"""Syncs with newer exports: what they cover is replaced, what they do not stays."""

from __future__ import annotations

import gzip
import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.bad_input.tool import HEADER, MESSAGES, ORDINARY, Done, timingctl
from tests.faults.tool import finish, start, wait_until
from tests.syncing.facts import facts
from timingctl.made_up import GenerateOptions, generate

BOB = (
    "C,bob,email,inbound,2026-02-10 11:00:00,,,,\n"
    "D,bob,email,outbound,2026-02-10 11:02:00,setter,u2,,\n"
)
LEADS = "id,clientId,emailCampaignId\nann,K,spring\nbob,K,spring\n"
BOTH = ORDINARY | {"Message.csv": MESSAGES + BOB, "Lead.csv": LEADS}


def exports(folder: Path, **tables: str | None) -> Path:
    """A folder of exports: those of ann and bob, but for some tables."""
    folder.mkdir()
    for name, text in (BOTH | {f"{name}.csv": text for name, text in tables.items()}).items():
        if text is not None:
            (folder / name).write_text(text)
    return folder


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An inbox of ann and bob."""
    output = tmp_path / "inbox.duckdb"
    done = timingctl("build", exports(tmp_path / "first"), "-o", output, "-q")
    assert done.code == 0, done.err
    return output


def synced(*arguments: object) -> dict[str, Any]:
    """What a sync says of itself."""
    done = timingctl("sync", *arguments, "--json")
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def built(folder: Path, output: Path, *options: object) -> dict[str, Any]:
    done = timingctl("build", folder, "-o", output, "-q", *options)
    assert done.code == 0, done.err
    return facts(output)


def test_what_is_the_same_is_not_written(inbox: Path, tmp_path: Path) -> None:
    before = inbox.stat()
    done = timingctl("sync", inbox, tmp_path / "first")
    assert done.code == 0
    assert done.out.rstrip().endswith("says it all already")
    assert (inbox.stat().st_ino, inbox.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "inbox.duckdb"]


@pytest.mark.wide
def test_a_link_to_a_file_of_another_name_stays_one(inbox: Path, tmp_path: Path) -> None:
    """Also to one without a suffix, which as an output would be a folder of parts."""
    inbox.rename(tmp_path / "inbox-v3")
    inbox.symlink_to("inbox-v3")
    newer = exports(tmp_path / "newer", Message=MESSAGES.replace("10:01:00", "10:05:00"))
    assert synced(inbox, newer)["tables"]["Message"]["changed"] == 1
    assert inbox.is_symlink()
    assert facts(inbox)


@pytest.mark.wide
def test_exports_of_some_leads_replace_what_there_was_of_these(inbox: Path, tmp_path: Path) -> None:
    ann = (
        HEADER
        + "A,ann,email,inbound,2026-02-10 10:00:00,,,,\n"
        + "E,ann,sms,inbound,2026-02-10 12:00:00,,,,\n"
    )
    said = synced(inbox, exports(tmp_path / "newer", Message=ann))
    whole = exports(tmp_path / "whole", Message=ann + BOB)
    assert facts(inbox) == built(whole, tmp_path / "whole.duckdb")
    assert said["leads"] == {"asked": 1, "affected": 1}
    assert said["tables"]["Message"] == {"read": 2, "added": 1, "changed": 0, "removed": 1}
    assert said["events"] == {"added": 0, "changed": 0, "removed": 1, "total": 1}


@pytest.mark.wide
def test_a_job_is_of_its_messages_lead_whatever_lead_it_names(tmp_path: Path) -> None:
    """A message was handed from ann to bob, and its job still names ann; so does one about none."""
    head = "id,type,messageId,draftId,leadId,runAt\n"
    jobs = {x: f"{x},AI_AUTO_SEND_DELAYED,{x},D,ann,2026-02-10 11:01:00\n" for x in ("C", "zz")}
    first = exports(tmp_path / "first", BackgroundJob=head + "".join(jobs.values()))
    output = tmp_path / "inbox.duckdb"
    built(first, output)
    of_ann = exports(tmp_path / "ann", Message=MESSAGES, BackgroundJob=head)
    assert synced(output, of_ann)["tables"]["BackgroundJob"]["removed"] == 1
    whole = exports(tmp_path / "whole", BackgroundJob=head + jobs["C"])
    assert facts(output) == built(whole, tmp_path / "whole.duckdb")
    of_bob = exports(tmp_path / "bob", Message=HEADER + BOB, BackgroundJob=head)
    assert synced(output, of_bob)["tables"]["BackgroundJob"]["removed"] == 1


def test_with_full_exports_are_all_there_is(inbox: Path, tmp_path: Path) -> None:
    newer = exports(tmp_path / "newer", Message=MESSAGES)
    said = synced(inbox, newer, "--full")
    assert facts(inbox) == built(newer, tmp_path / "whole.duckdb")
    assert said["tables"]["Message"] == {"read": 2, "added": 0, "changed": 0, "removed": 2}
    assert said["missedLeads"] is None


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    "change",
    [
        "update Message set channel = 'sms'",
        "update Lead set clientId = 'other'",
        "update ResponseTimingEvent set setterResponseMs = 1",
        "update AnchorContext set streakInbounds = 9",
        "update Wait set waitMs = 1",
    ],
)
def test_full_puts_right_what_hands_changed_in_the_file(
    change: str, inbox: Path, tmp_path: Path
) -> None:
    first = tmp_path / "first"
    with duckdb.connect(inbox) as connection:
        assert connection.execute(change).fetchall() != [(0,)]
    assert synced(inbox, first, "--full")["wrote"]
    built(first, tmp_path / "whole.duckdb")
    with duckdb.connect(inbox, read_only=True) as connection:
        connection.execute(f"attach '{tmp_path}/whole.duckdb' as whole (read_only)")
        table = change.split()[1]
        assert not connection.execute(f"from {table} except from whole.{table}").fetchall()
    assert not synced(inbox, first, "--full")["wrote"]


@pytest.mark.wide
def test_tables_that_are_not_there_are_as_in_the_file(inbox: Path, tmp_path: Path) -> None:
    late = MESSAGES.replace("10:01:00", "10:05:00")
    newer = exports(tmp_path / "newer", Message=late, Lead=None, EmailCampaign=None)
    assert set(synced(inbox, newer)["tables"]) == {"Message", "AIDraft", "BackgroundJob"}
    whole = exports(tmp_path / "whole", Message=late + BOB)
    assert facts(inbox) == built(whole, tmp_path / "whole.duckdb")


@pytest.mark.wide
def test_rows_of_leads_alone_change_what_is_said_of_their_messages(
    inbox: Path, tmp_path: Path
) -> None:
    moved = LEADS.replace("bob,K", "bob,L")
    newer = exports(tmp_path / "newer", Message=HEADER, Lead=moved)
    said = timingctl("sync", inbox, newer, "--json", "--allow-rejects")
    assert json.loads(said.out)["tables"]["Lead"]["changed"] == 1
    whole = exports(tmp_path / "whole", Lead=moved)
    assert facts(inbox) == built(whole, tmp_path / "whole.duckdb")


@pytest.mark.wide
def test_a_campaigns_window_is_told_and_its_anchors_attributed_anew(
    inbox: Path, tmp_path: Path
) -> None:
    campaign = ORDINARY["EmailCampaign.csv"].replace("SETTER_MANAGED,,", "AI_AUTO_SEND,60,180")
    newer = exports(tmp_path / "newer", EmailCampaign=campaign)
    said = synced(inbox, newer)
    assert facts(inbox) == built(newer, tmp_path / "whole.duckdb")
    assert said["leads"]["affected"] == 2
    assert said["events"]["changed"] == 2


def test_an_unusable_row_is_told_until_it_is_usable(inbox: Path, tmp_path: Path) -> None:
    odd = MESSAGES + BOB + "F,ann,email,sideways,2026-02-10 13:00:00,,,,\n"
    newer = exports(tmp_path / "newer", Message=odd)
    assert synced(inbox, newer)["rejected"] == 1
    assert facts(inbox) == built(newer, tmp_path / "one.duckdb")
    for option in ("--quiet", "--json"):
        warned = f"Warning: unusable rows left out: 1; see table Reject of {inbox}\n"
        assert timingctl("sync", inbox, newer, option).err.endswith(warned)
    right = exports(tmp_path / "right", Message=odd.replace("sideways", "inbound"))
    assert synced(inbox, right)["rejected"] == 0
    assert facts(inbox) == built(right, tmp_path / "two.duckdb")


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("full", [(), ("--full",)])
def test_the_options_of_the_build_stay(full: tuple[str, ...], tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    history.write_text("campaignId,clientId,minSeconds,maxSeconds,effectiveFrom,effectiveTo\n"
                       "spring,,30,90,,2026-02-10 10:30:00\n")  # fmt: skip
    options = ("--setter-rule", "next", "--delay-windows", history, "--since", "2026-02-10")
    first = exports(tmp_path / "first")
    inbox = tmp_path / "inbox.duckdb"
    built(first, inbox, *options)
    newer = exports(tmp_path / "newer", Message=MESSAGES.replace("10:01:00", "10:09:00") + BOB)
    history.rename(tmp_path / "moved.csv")
    synced(inbox, newer, *full)
    (tmp_path / "moved.csv").rename(history)
    assert facts(inbox) == built(newer, tmp_path / "whole.duckdb", *options)
    with duckdb.connect(inbox, read_only=True) as connection:
        [(told,)] = connection.execute("select options from Build").fetchall()
    assert {name: json.loads(told)[name] for name in ("setterRule", "delayWindows", "since")} == {
        "setterRule": "next", "delayWindows": "history.csv", "since": "2026-02-10T00:00:00.000000Z",
    }  # fmt: skip


@pytest.mark.wide(but=1)
@pytest.mark.parametrize("name", ["history.parquet", "history.ndjson", "history.csv.gz", "h.tsv"])
def test_a_history_of_windows_may_have_been_of_any_format(name: str, tmp_path: Path) -> None:
    history = tmp_path / name
    periods = pl.DataFrame({"campaignId": ["spring"], "clientId": [None], "minSeconds": [30],
                            "maxSeconds": [90], "effectiveFrom": [None],
                            "effectiveTo": ["2026-02-10 10:30:00"]})  # fmt: skip
    text = periods.write_csv(separator="\t" if name.endswith(".tsv") else ",").encode()
    match history.suffix:
        case ".parquet":
            periods.write_parquet(history)
        case ".ndjson":
            periods.write_ndjson(history)
        case ".gz":
            history.write_bytes(gzip.compress(text))
        case _:
            history.write_bytes(text)
    options = ("--delay-windows", history)
    inbox = tmp_path / "inbox.duckdb"
    built(exports(tmp_path / "first"), inbox, *options)
    newer = exports(tmp_path / "newer", Message=MESSAGES.replace("10:01:00", "10:09:00") + BOB)
    assert synced(inbox, newer, "--full")["wrote"]
    assert facts(inbox) == built(newer, tmp_path / "whole.duckdb", *options)
    with duckdb.connect(inbox, read_only=True) as connection:
        [(told,)] = connection.execute("select options from Build").fetchall()
    assert json.loads(told)["delayWindows"] == name


@pytest.mark.wide
def test_the_as_of_may_be_given(inbox: Path, tmp_path: Path) -> None:
    assert synced(inbox, tmp_path / "first", "--as-of", "2026-03-01")["wrote"]
    assert facts(inbox) == built(
        tmp_path / "first", tmp_path / "whole.duckdb", "--as-of", "2026-03-01"
    )


@pytest.mark.wide
def test_the_file_is_still_a_source_and_a_file_of_events(inbox: Path, tmp_path: Path) -> None:
    late = exports(tmp_path / "newer", Message=MESSAGES.replace("10:01:00", "10:05:00"))
    synced(inbox, late)
    told = facts(inbox)
    again = built(inbox, tmp_path / "again.duckdb")
    assert again == told
    assert timingctl("verify", inbox).code == 0
    assert timingctl("report", inbox).code == 0


def _refused(case: str, folder: Path) -> Done:
    inbox, first, other = (folder / name for name in ("inbox.duckdb", "first", "other.duckdb"))
    bare = folder / "bare.duckdb"
    if case == "exports alone":
        with duckdb.connect(other) as connection:
            connection.execute("create table Message (id varchar)")
    if case == "another table":
        built(exports(folder / "bare", Lead=None), bare, "--client", "K")
    unreadable = MESSAGES.replace("2026-02-10 10", "soon")
    arguments = {
        "no source": (inbox,),
        "no inbox": (folder / "inbox.csv", first),
        "exports alone": (other, first),
        "itself": (inbox, inbox),
        "another table": (bare, first),
        "prune alone": (inbox, first, "--prune"),
        "no pause": (inbox, first, "--watch", "0"),
        "push nowhere": (inbox, first, "--push"),
        "nothing usable": (inbox, exports(folder / "bad", Message=unreadable)),
    }
    return timingctl("sync", *arguments[case])


@pytest.mark.wide(but=1)
@pytest.mark.parametrize(
    ("case", "code", "words"),
    [
        ("no source", 10, "Neither a database nor exports are given; give --dsn or SOURCE."),
        ("no inbox", 2, "does not end in .duckdb"),
        ("exports alone", 11, "is a DuckDB database, but no inbox"),
        ("itself", 10, "is an input"),
        ("another table", 11, "was built without Lead, which there is now; give --full"),
        ("prune alone", 2, "give --push as well"),
        ("no pause", 2, "--watch needs a pause, such as 10min."),
        ("push nowhere", 10, "--push needs a database"),
        ("nothing usable", 11, "None of 2 rows of Message can be used"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_costs_nothing(
    case: str, code: int, words: str, inbox: Path, tmp_path: Path
) -> None:
    before = inbox.read_bytes()
    done = _refused(case, tmp_path)
    assert (done.code, done.out) == (code, "")
    assert words in " ".join(done.err.split())
    assert inbox.read_bytes() == before
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".timingctl")]  # noqa: PTH208


@pytest.mark.wide
def test_memory_may_be_short(inbox: Path, tmp_path: Path) -> None:
    late = exports(tmp_path / "newer", Message=MESSAGES.replace("10:01:00", "10:05:00") + BOB)
    assert synced(inbox, late, "--memory-limit", "300MB", "--threads", "1")["wrote"]
    assert facts(inbox) == built(late, tmp_path / "whole.duckdb")
    new = tmp_path / "new.duckdb"
    synced(new, late, "--memory-limit", "300MB")
    with duckdb.connect(new, read_only=True) as connection:
        assert connection.execute("select count(*) from Sync").fetchall() == [(1,)]


@pytest.mark.wide
def test_who_may_read_the_file_may_read_the_new_one_and_nobody_else(
    inbox: Path, tmp_path: Path
) -> None:
    late = exports(tmp_path / "newer", Message=MESSAGES.replace("10:01:00", "10:05:00") + BOB)
    inbox.chmod(0o640)
    assert synced(inbox, late)["wrote"]
    assert inbox.stat().st_mode & 0o777 == 0o640


@pytest.mark.wide
def test_a_link_stays_and_what_it_leads_to_is_brought_up_to_date(
    inbox: Path, tmp_path: Path
) -> None:
    link = tmp_path / "links" / "today.duckdb"
    link.parent.mkdir()
    link.symlink_to(inbox)
    late = exports(tmp_path / "newer", Message=MESSAGES.replace("10:01:00", "10:05:00") + BOB)
    assert synced(link, late)["wrote"]
    assert link.is_symlink()
    assert facts(inbox) == built(late, tmp_path / "whole.duckdb")
    assert timingctl("report", link).code == 0


@pytest.mark.wide
def test_what_another_version_left_of_its_syncs_says_nothing(inbox: Path, tmp_path: Path) -> None:
    with duckdb.connect(inbox) as connection:
        connection.execute("create table Sync (place varchar); insert into Sync values ('x')")
        connection.execute("create table UnpushedLead (lead varchar)")
    late = exports(tmp_path / "newer", Message=MESSAGES.replace("10:01:00", "10:05:00") + BOB)
    assert synced(inbox, late)["wrote"]
    assert facts(inbox) == built(late, tmp_path / "whole.duckdb")


def test_an_inbox_that_grows_ends_as_one_build(thorough: bool, tmp_path: Path) -> None:
    """Made-up exports of a day: a few of its instants, or every ten minutes."""
    inbox, exported = tmp_path / "inbox.duckdb", tmp_path / "exports"
    wrote = 0
    for minutes in range(0, 24 * 60 + 1, 10 if thorough else 480):
        until = datetime(2025, 6, 3, tzinfo=UTC) + timedelta(minutes=minutes)
        generate(GenerateOptions(exported, 300, until=until))
        wrote += synced(inbox, exported)["wrote"]
        last = exported.rename(tmp_path / f"at {minutes}")
    assert wrote > 1
    assert facts(inbox) == built(last, tmp_path / "whole.duckdb")


@pytest.mark.wide
@pytest.mark.races
def test_a_watch_outlives_exports_that_are_away(inbox: Path, tmp_path: Path) -> None:
    first, away = tmp_path / "first", tmp_path / "away"
    watch = start("timingctl", "sync", inbox, first, "--json", "--watch", "1s")
    assert watch.stdout is not None
    assert watch.stderr is not None
    while watch.stdout.readline() != "}\n":  # the first time they have to be there
        pass
    told = facts(inbox)
    first.rename(away)
    assert "Trying again in 1s." in watch.stderr.readline()
    (away / "Message.csv").write_text(MESSAGES.replace("10:01:00", "10:05:00") + BOB)
    away.rename(first)
    wait_until(lambda: facts(inbox) != told)
    watch.send_signal(signal.SIGTERM)
    assert finish(watch).code == 0
