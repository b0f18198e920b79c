"""Made-up exports: the same seed gives the same bytes, and what they promise is in them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl
import pytest

from timingctl import made_up as module
from timingctl.made_up import CAUSES, TRUTH, GenerateOptions, generate
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.schemas import TABLES
from timingctl.seals import FOLDER_MANIFEST

Files = dict[str, bytes]
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def generated(folder: Path, leads: int = 300, **options: Any) -> Files:
    """The files of an inbox, by name."""
    generate(GenerateOptions(folder, leads, **options))
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 40,000 messages."""
    folder = tmp_path_factory.mktemp("generated") / "inbox"
    generate(GenerateOptions(folder, leads=2_000))
    return folder


@pytest.fixture(scope="module")
def tables(inbox: Path) -> duckdb.DuckDBPyConnection:
    """The inbox as tables, with ``window`` for the truth and ``placed``: messages in threads."""
    db = duckdb.connect()
    db.execute("set TimeZone = 'UTC'")
    for table in TABLES:
        db.execute(f"create table {table.name} as from '{inbox}/{table.name}/*.parquet'")
    db.execute(f"create table truth as from read_csv('{inbox}/{TRUTH}')")
    db.execute(
        "create table placed as select *, row_number() over thread as place, "
        "lag(direction) over thread as previous, lag(sentAt) over thread as previousAt "
        "from Message window thread as (partition by leadId, channel "
        "order by sentAt, direction desc, aiDraftPartIndex nulls first, id)"
    )
    return db


@pytest.mark.parametrize("file_format", ["parquet", "csv", "ndjson"])
def test_the_same_seed_gives_the_same_bytes(file_format: str, tmp_path: Path) -> None:
    first = generated(tmp_path / "first", format=file_format)
    assert len(first) == len(TABLES) + 3  # the windows, the causes, the manifest
    assert generated(tmp_path / "second", format=file_format) == first
    other = generated(tmp_path / "other", format=file_format, seed=2)
    assert other.keys() == first.keys()
    assert all(other[name] != first[name] for name in first)


def test_a_seed_gives_the_same_events_as_ever(tmp_path: Path) -> None:
    """Figures of different versions of timingctl compare as long as this holds."""
    generated(tmp_path / "inbox")
    options = BuildOptions(
        tmp_path / "inbox", output=tmp_path / "e.parquet", delay_windows="current"
    )
    document = build(options)
    assert document["contentDigest"] == (
        "sha256:65bf63be322280cda3e4dd13632f9f700e5bb221bac0c0cdc7439d07bc8d2ae9"
    )


@pytest.mark.wide
def test_threads_change_no_byte(tmp_path: Path) -> None:
    here = generated(tmp_path / "here", leads=9_000)  # several batches in a part
    for threads in ("1", "5"):
        folder = tmp_path / threads
        subprocess.run(
            [sys.executable, "-m", "timingctl", "generate", folder, "--leads", "9000", "-q"],
            check=True, env={**os.environ, "POLARS_MAX_THREADS": threads},
        )  # fmt: skip
        assert all((folder / name).read_bytes() == here[name] for name in here)


def test_full_chunks_do_not_depend_on_the_number_of_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK_LEADS", 100)
    few, many = generated(tmp_path / "few", 250), generated(tmp_path / "many", 400)
    assert len(few) == 4 * 3 + 4
    assert len(many) == 4 * 4 + 4
    shared = {name for name in few if "part-00002" not in name} - {CAUSES, FOLDER_MANIFEST}
    assert all(few[name] == many[name] for name in shared)
    assert few["Message/part-00000.parquet"] != few["Message/part-00001.parquet"]


@pytest.mark.parametrize(
    ("promise", "query"),
    [
        ("streaks", "from placed where direction = 'inbound' and previous = 'inbound'"),
        ("leads on several channels",
         "from Message group by leadId having count(distinct channel) > 1"),
        ("three channels", "from Message group by all having count(distinct channel) = 3"),
        ("several setters", "from Message having count(distinct sentByUserId) > 10"),
        ("setters without user id",
         "from Message where sentBy = 'setter' and sentByUserId is null"),
        ("drafts that a human sent",
         "from Message where sentBy = 'setter' and aiDraftId is not null"),
        ("AI replies in parts", "from Message where sentBy = 'ai' and aiDraftPartIndex = 2"),
        ("parts of one instant", "from placed where aiDraftPartIndex = 1 and sentAt = previousAt"),
        ("messages that nobody sent",
         "from Message where direction = 'outbound' and sentBy is null"),
        ("threads that a campaign opens", "from placed where place = 1 and direction = 'outbound'"),
        ("drafts sent", "from AIDraft semi join Message on aiDraftId = AIDraft.id"),
        ("drafts not sent", "from AIDraft anti join Message on aiDraftId = AIDraft.id"),
        ("several drafts for an anchor",
         "from AIDraft group by triggerMessageId having count(*) > 1"),
        ("jobs that a worker took up late",
         "from BackgroundJob where startedAt > runAt + interval 1 minute"),
        ("jobs that never ran",
         "from BackgroundJob where startedAt is null and type = 'AI_AUTO_SEND_DELAYED'"),
        ("jobs of another type", "from BackgroundJob where type <> 'AI_AUTO_SEND_DELAYED'"),
        ("windows that changed", "from truth where effectiveFrom is not null"),
        ("windows that never did",
         "from truth where effectiveFrom is null and effectiveTo is null"),
        ("managed campaigns", "from EmailCampaign where responseMode = 'SETTER_MANAGED'"),
        ("leads in managed campaigns",
         "from Lead join EmailCampaign as c on c.id = emailCampaignId "
         "where responseMode = 'SETTER_MANAGED'"),
        ("leads without campaign", "from Lead where emailCampaignId is null"),
        ("replies after 30 days",
         "from placed where sentBy = 'setter' and previous = 'inbound' "
         "and sentAt > previousAt + interval 30 day"),
        ("open inbounds",
         "from Message as m where direction = 'inbound' and not exists (from Message as n where "
         "n.leadId = m.leadId and n.channel = m.channel and n.sentAt > m.sentAt)"),
        ("drafts that were given up", "from AIDraft where status = 'rejected'"),
        ("drafts that a person is to look at",
         "from AIDraft where autoSendAction = 'needs_review'"),
        ("drafts with a judgement", "from AIDraft where responseDisposition = 'interested'"),
        ("mails that came back", "from Message where source = 'bounce' and direction = 'inbound'"),
        ("messages of a campaign", "from Message where source = 'campaign' and sentBy is null"),
        ("messages that were written down late", "from Message where createdAt > sentAt"),
        ("answers of the AI without a draft",
         "from Message where sentBy = 'ai' and aiDraftId is null"),
        ("jobs that failed",
         "from BackgroundJob where status = 'FAILED' and attempts > 1 and lastError is not null"),
        ("jobs that were overtaken",
         "from BackgroundJob where status = 'CANCELLED' and startedAt is null"),
        ("jobs that are due yet",
         "from BackgroundJob where status = 'PENDING' and runAt >= '2026-01-01'"),
        ("jobs of 1970", "from BackgroundJob where runAt < '1971-01-01' and attempts = 1"),
        ("leads that came before their first message",
         "from Lead where createdAt < (select min(sentAt) from Message where leadId = Lead.id)"),
        ("bookings", "from Lead where appointmentBookedAt is not null"),
        ("cancellations", "from Lead where appointmentCanceledAt is not null"),
        ("bookings without a time",
         "from Lead where appointmentBookedAt is null and appointmentStatus = 'confirmed' "
         "and coalesce(ghlAppointmentId, calendlyInviteeUri) is not null"),
        ("bookings before the first answer",
         "from Lead where appointmentBookedAt < (select min(sentAt) from Message "
         "where leadId = Lead.id and direction = 'inbound')"),
    ],
)  # fmt: skip
def test_what_is_promised_is_there(
    promise: str, query: str, tables: duckdb.DuckDBPyConnection
) -> None:
    assert tables.execute(f"select 1 {query} limit 1").fetchall(), promise


def test_ids_are_canonical_and_instants_are_milliseconds_before_the_export(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    for table in TABLES:
        columns = tables.execute(f"describe {table.name}").fetchall()
        for name, kind, *_ in columns:
            if name == "id" or name.endswith("Id"):
                bad = f"not regexp_full_match({name}, '{UUID}')"
            elif kind == "TIMESTAMP" and name == "runAt":  # it may lie in the future
                bad = f"epoch_us({name}) % 1000 <> 0"
            elif kind == "TIMESTAMP":
                bad = f"epoch_us({name}) % 1000 <> 0 or {name} >= '2026-01-01'"
            else:
                continue
            assert not tables.execute(f"from {table.name} where {bad} limit 1").fetchall(), name


def test_jobs_are_due_as_the_true_windows_say(
    inbox: Path, tables: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Every job is due at the chosen time, unless a known reason moved it, or it is one of few."""
    output = tmp_path / "events.parquet"
    build(BuildOptions(inbox, output=output, delay_windows=inbox / TRUTH))
    found = tables.execute(
        """
        with
            scheduled as (
                select aiScheduledRunAt::timestamp as runAt, AIDraft.createdAt,
                    inboundSentAt::timestamp + aiChosenDelaySeconds * interval 1 second as due
                from read_parquet(?) as event join AIDraft on AIDraft.id = event.aiDraftId
                where aiBackgroundJobId is not null),
            planned as (
                select *, createdAt > due as late,
                    case when late then createdAt + interval 30 second else due end as planned,
                    hour(planned) not between 6 and 21 as night, runAt - planned as moved
                from scheduled)
        select
            case when due is null then 'without a window'
                when night and moved >= '0 s' and hour(runAt) = 6 then 'moved to the morning'
                when night then 'unexplained'
                when moved = '0 s' then if(late, 'now + 30 s', 'as chosen')
                when moved between '1 min' and '8 min' then 'retried'
                when epoch(runAt) = 0 then 'of 1970'
                when moved < '0 s' then 'too early'
                when moved between '3 min' and '41 min' then 'too late'
                else 'unexplained' end,
            count(*)
        from planned group by all
        """,
        [str(output)],
    ).fetchall()
    counts = dict(found)
    odd = {"of 1970", "too early", "too late", "without a window"}
    assert counts.keys() == {"as chosen", "now + 30 s", "moved to the morning", "retried"} | odd
    assert sum(counts[name] for name in odd) < 0.05 * sum(counts.values())
    assert counts["as chosen"] > 0.8 * sum(counts.values())


def test_the_settings_of_today_explain_fewer_jobs_than_the_true_windows(
    inbox: Path, tmp_path: Path
) -> None:
    explained = {}
    choices: tuple[Literal["current"] | Path, ...] = ("current", inbox / TRUTH)
    for windows in choices:
        output = tmp_path / "events.parquet"
        build(BuildOptions(inbox, output=output, delay_windows=windows))
        waited = pl.col("aiScheduledRunAt") - pl.col("inboundSentAt")
        match = waited == pl.duration(seconds="aiChosenDelaySeconds")
        explained[windows] = pl.read_parquet(output).select(match.sum()).item()
    assert explained["current"] < 0.9 * explained[inbox / TRUTH]


def test_nothing_but_bounces_is_rejected_and_formats_give_the_same_events(tmp_path: Path) -> None:
    digests = set()
    for file_format in ("parquet", "csv", "ndjson"):
        folder = tmp_path / file_format
        generated(folder, format=file_format)
        document = build(
            BuildOptions(folder, output=tmp_path / "e.parquet", strict=True, keep_bounces=True)
        )
        assert all(note.startswith("Jobs are due before") for note in document["notes"])  # of 1970
        assert all(table["exactDuplicates"] == 0 for table in document["tables"].values())
        digests.add(document["contentDigest"])
    assert len(digests) == 1


@pytest.mark.wide
def test_a_single_lead_can_be_built(tmp_path: Path) -> None:
    for file_format in ("parquet", "csv", "ndjson"):
        folder = tmp_path / file_format
        for seed in range(3):
            generated(folder / str(seed), leads=1, seed=seed, format=file_format)
            exports, output = folder / str(seed), tmp_path / "e.parquet"
            build(BuildOptions(exports, output=output, strict=True, keep_bounces=True))
