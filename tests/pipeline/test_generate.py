"""Made-up exports: the same seed gives the same bytes, and what they promise is in them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import numpy as np
import polars as pl
import pytest

from timingctl import made_up as module
from timingctl.errors import InputError, SettingsError
from timingctl.made_up import CAUSES, EFFECT, TRUTH, GenerateOptions, generate
from timingctl.made_up_inbox.effect import Picks, bookings
from timingctl.options import BuildOptions
from timingctl.pipeline import build
from timingctl.progress import Silence
from timingctl.schemas import TABLES
from timingctl.seals import FOLDER_MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def known(folder: Path) -> dict[tuple[str, str, str], int]:
    """The rows of each cause, as the exports' own file tells them."""
    causes = pl.read_csv(folder / CAUSES)
    assert causes.columns == ["table", "column", "value", "rows"]
    return {(table, column, value): rows for table, column, value, rows in causes.iter_rows()}


def found(inbox_file: Path, columns: Iterable[tuple[str, str]]) -> dict[tuple[str, str, str], int]:
    """The rows of each value of these columns of an inbox; null is `open`."""
    counts = {}
    with duckdb.connect(inbox_file, read_only=True) as db:
        for table, column in columns:
            rows = db.execute(
                f"select coalesce({column}, 'open'), count(*) from {table} group by all"
            ).fetchall()
            counts.update({(table, column, value): count for value, count in rows})
    return counts


@pytest.mark.parametrize(
    ("chunk", "options"),
    [
        (1_000, {"seed": 1, "leads": 400}),
        (100, {"seed": 2, "leads": 300, "format": "csv"}),  # one is due, or not, for all chunks
        (499, {"seed": 3, "leads": 500, "start": datetime(2024, 2, 29, 13, 37, 11, tzinfo=UTC)}),
        (1_000, {"seed": 4, "leads": 1, "format": "ndjson"}),
    ],
)
def test_an_inbox_says_every_cause_as_often_as_it_is_known(
    chunk: int, options: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK_LEADS", chunk)
    folder, output = tmp_path / "exports", tmp_path / "inbox.duckdb"
    generated(folder, **options)
    document = build(BuildOptions(folder, output=output, delay_windows=folder / TRUTH))
    assert not [note for note in document["notes"] if CAUSES in note]
    causes = known(folder)
    columns = dict.fromkeys((table, column) for table, column, _ in causes)
    assert found(output, columns) == {cause: rows for cause, rows in causes.items() if rows}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_leads_have_every_cause_and_few_jobs_have_none(
    seed: int, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    generated(folder, 1_000, seed=seed)
    causes = known(folder)
    assert all(causes.values())
    by_column: dict[tuple[str, str], set[str]] = {}
    for table, column, value in causes:
        by_column.setdefault((table, column), set()).add(value)
    assert by_column == {
        ("AnchorContext", "firstOutboundBy"): {
            "setter", "setterUnknown", "ai", "aiOther", "campaign", "other"
        },
        ("Wait", "endedBy"): {"setter", "ai", "open"},
        ("SendingJob", "schedule"): {
            "match", "clamped", "opening", "retried", "later", "earlier", "outsideWindow",
            "noWindow", "implausible",
        },
        ("SendingJob", "outcome"): {
            "sent", "setterFirst", "newInbound", "otherOutbound", "failed", "due", "unexplained"
        },
        ("Reject", "reason"): {"bounce"},
    }  # fmt: skip
    outcomes = {value: rows for (_, column, value), rows in causes.items() if column == "outcome"}
    assert outcomes["unexplained"] < 0.01 * sum(outcomes.values())


def test_an_effect_changes_only_the_bookings_of_the_leads_that_it_acts_on(tmp_path: Path) -> None:
    without = generated(tmp_path / "without", seed=5)
    planted = generated(tmp_path / "planted", seed=5, effect=-5.0)
    changed = {name for name, content in planted.items() if content != without.get(name)}
    assert changed == {"Lead/part-00000.parquet", EFFECT, FOLDER_MANIFEST}
    [told] = pl.read_csv(tmp_path / "planted" / EFFECT).to_dicts()
    assert (told["cause"], told["outcome"], told["pointsPerMinute"]) == (
        "chosenDelay",
        "booked",
        -5,
    )
    ids, bookings = ["id", "clientId", "emailCampaignId", "createdAt"], pl.col("^(app|ghl|cal).*$")
    before, after = (
        pl.read_parquet(tmp_path / name / "Lead" / "*.parquet") for name in ("without", "planted")
    )
    assert before.select(ids).equals(after.select(ids))
    moved = (
        before.select(pl.struct(bookings)).to_series()
        != after.select(pl.struct(bookings)).to_series()
    )
    assert 0 < moved.sum() <= told["leads"] < len(after)


@pytest.mark.parametrize("points", [-5.0, 0.0, 5.0])
def test_a_planted_effect_is_in_the_bookings(points: float) -> None:
    """Also at the ends of the widest window no chance leaves 0 to 100 %."""
    rng = np.random.Generator(np.random.PCG64(7))
    count = 200_000
    off = rng.integers(-390, 391, count) / 60
    nobody = np.zeros(count, np.int64)
    drawn = bookings(rng, Picks(nobody, nobody, rng.integers(0, 60, count), off), points)
    kept = ~drawn.before
    booked = (drawn.books & ~drawn.cancels)[kept]
    found = 100 * np.cov(off[kept], booked)[0, 1] / np.var(off[kept])
    assert found == pytest.approx(points, abs=0.1)  # the error is 0.03
    assert 0.34 < booked.mean() < 0.51
    assert (drawn.at[drawn.before] < 0).all()
    assert (drawn.at[~drawn.before] > 0).all()


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


def test_a_single_lead_can_be_built(tmp_path: Path) -> None:
    for file_format in ("parquet", "csv", "ndjson"):
        folder = tmp_path / file_format
        for seed in range(3):
            generated(folder / str(seed), leads=1, seed=seed, format=file_format)
            exports, output = folder / str(seed), tmp_path / "e.parquet"
            build(BuildOptions(exports, output=output, strict=True, keep_bounces=True))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "Message.csv").write_text("mine")
    with pytest.raises(
        SettingsError, match=r"is not empty: it has 'Message\.csv'; give a new or an"
    ):
        generate(GenerateOptions(tmp_path, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["Message.csv"]


def test_what_comes_into_the_folder_meanwhile_is_left_alone(tmp_path: Path) -> None:
    class Comer(Silence):
        def rows(self, done: int, total: int) -> None:
            (tmp_path / TRUTH).write_text("mine")

    with pytest.raises(SettingsError, match="is not empty"):
        generate(GenerateOptions(tmp_path, 1), Comer())
    assert [path.name for path in tmp_path.iterdir()] == [TRUTH]
    assert (tmp_path / TRUTH).read_text() == "mine"


def test_a_failed_rename_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def failing(source: Path, target: Path) -> Path:
        if target == tmp_path / "AIDraft":
            raise OSError(28, "No space left on device")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(SettingsError, match="cannot be written to: No space left on device"):
        generate(GenerateOptions(tmp_path, 1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.races
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing_behind(number: signal.Signals, code: int, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "timingctl", "generate", tmp_path, "--leads", "2000000"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not list(tmp_path.glob(".timingctl-*/*/Message/part-00000.parquet")):
        time.sleep(0.05)
        assert process.poll() is None
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (code, "Interrupted; no partial file was left.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.races
def test_what_a_killed_run_left_is_no_obstacle(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "timingctl", "generate", tmp_path, "--leads", "2000000"]
    )
    while not list(tmp_path.glob(".timingctl-*/*/Message")):
        time.sleep(0.05)
        assert process.poll() is None
    process.kill()
    process.wait()
    with pytest.raises(InputError, match="No Message and AIDraft and BackgroundJob in"):
        build(BuildOptions(tmp_path, output=tmp_path.parent / "e.parquet"))
    generate(GenerateOptions(tmp_path, 1))
    assert len(list(tmp_path.iterdir())) == len(TABLES) + 3
