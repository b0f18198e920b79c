"""What an engine does not do is refused in a sentence, before any work begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bad_input.tool import cases, timingctl

#: Nobody listens there: whoever asks has begun to work.
NOBODY = "sc://127.0.0.1:1"
AT = datetime(2026, 2, 10, 10)
MESSAGES: dict[str, list[Any]] = {
    "id": ["A", "B"],
    "leadId": ["ann", "ann"],
    "channel": ["email", "email"],
    "direction": ["inbound", "outbound"],
    "sentAt": [AT, AT],
    "sentBy": [None, "setter"],
    "sentByUserId": [None, "u1"],
    "aiDraftId": [None, None],
    "aiDraftPartIndex": [None, 1],
}
WAY_OUT = "build without --engine"


def exports(folder: Path, **columns: Any) -> Path:
    """A folder of Parquet exports with these columns of Message."""
    folder.mkdir()
    text = pl.String()
    frames = {
        "Message": pl.DataFrame({**MESSAGES, **columns}),
        "AIDraft": pl.DataFrame(schema={"id": text, "triggerMessageId": text, "channel": text,
                                        "createdAt": pl.Datetime("us")}),
        "BackgroundJob": pl.DataFrame(schema={
            **dict.fromkeys(("id", "type", "messageId", "draftId"), text),
            **dict.fromkeys(("runAt", "startedAt", "finishedAt"), pl.Datetime("us"))}),
        "Lead": pl.DataFrame({"id": ["ann"], "clientId": ["K"], "emailCampaignId": ["spring"]}),
    }  # fmt: skip
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def nanoseconds(source: Path) -> None:
    spoil(source, pl.col("sentAt").cast(pl.Datetime("ns")))


def categories(source: Path) -> None:
    spoil(source, pl.col("channel").cast(pl.Categorical))


def dates(source: Path) -> None:
    path = source / "Message.parquet"
    table = pq.read_table(path)
    place = table.schema.get_field_index("sentAt")
    days = table["sentAt"].cast(pa.date64())
    pq.write_table(table.set_column(place, "sentAt", days), path)


def text_instants(source: Path) -> None:
    spoil(source, pl.col("sentAt").dt.to_string())


def epochs(source: Path) -> None:
    spoil(source, pl.col("sentAt").dt.timestamp("ms"))


def unsigned(source: Path) -> None:
    spoil(source, pl.col("aiDraftPartIndex").cast(pl.UInt32))


def feed(source: Path) -> None:
    spoil(source, pl.lit("I").alias("op"))


def csv(source: Path) -> None:
    pl.read_parquet(source / "Lead.parquet").write_csv(source / "Lead.csv")
    (source / "Lead.parquet").unlink()


def pattern(source: Path) -> None:
    (source / "Lead").mkdir()
    (source / "Lead.parquet").rename(source / "Lead" / "part[1].parquet")


def folders(source: Path) -> None:
    (source / "messages" / "channel=email").mkdir(parents=True)
    (source / "Message.parquet").rename(source / "messages" / "channel=email" / "1.parquet")


def spoil(source: Path, *columns: pl.Expr) -> None:
    path = source / "Message.parquet"
    pl.read_parquet(path).with_columns(*columns).write_parquet(path)


@pytest.mark.parametrize(
    ("spoiled", "says"),
    cases(
        ("text", csv, f"Lead.csv is CSV: --engine reads Parquet alone. Export it as Parquet, or "
                      f"{WAY_OUT}."),
        ("instants as text", text_instants,
         "Message.parquet: column sentAt holds instants as text, which --engine does not read; "
         f"export them as timestamps, or {WAY_OUT}."),
        ("instants as numbers", epochs,
         "Message.parquet: column sentAt holds instants as numbers, which --engine does not read; "
         f"export them as timestamps, or {WAY_OUT}."),
        ("nanoseconds", nanoseconds,
         "Message.parquet: column sentAt is of type TIMESTAMP_NS, which engines do not read alike; "
         f"export it as timestamps in microseconds, or {WAY_OUT}."),
        ("a category", categories,
         "Message.parquet: column channel is a dictionary of Arrow (a category), which engines do "
         f"not read alike; export it as text, or {WAY_OUT}."),
        ("a date of Arrow", dates,
         "Message.parquet: column sentAt is of type date64[ms], which engines do not read alike; "
         f"export it as timestamps in microseconds, or {WAY_OUT}."),
        ("an unsigned number", unsigned,
         "Message.parquet: column aiDraftPartIndex is of type UINTEGER, which engines do not read "
         f"alike; export it as whole numbers of 64 bits, or {WAY_OUT}."),
        ("a feed of changes", feed,
         "Message.parquet may be a feed of changes: it has a column op. Make a plain table of it, "
         f"or {WAY_OUT}, which says how."),
        ("a name that is a pattern", pattern,
         "{}/Lead/part[1].parquet: engines take *, ?, \\, brackets and braces in a path for a "
         f"pattern; rename it, or {WAY_OUT}."),
        ("a column in folder and file", folders,
         "messages/channel=email/1.parquet: its folder says channel=email, and the file has a "
         f"column channel, too; drop the column, or {WAY_OUT}."),
    ),
)  # fmt: skip
def test_exports_that_an_engine_does_not_read(
    tmp_path: Path, spoiled: Callable[[Path], None], says: str
) -> None:
    source = exports(tmp_path / "exports")
    spoiled(source)
    done = timingctl("build", source, "--engine", NOBODY, "-o", tmp_path / "events.parquet")
    assert (done.code, done.out, done.err) == (
        11,
        "",
        f"Error: {says.replace('{}', str(source))}\n",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    cases(
        ("an inbox", ["-o", "{}/inbox.duckdb", "--engine", NOBODY], 10,
         "--engine writes events, not an inbox, which would hold every row of the exports; give -o "
         "a name that ends in .parquet, .csv or .ndjson, or DIR/, or build without --engine."),
        ("an engine elsewhere", ["--engine", "sc://far.example:15002"], 10,
         "The engine at far.example:15002 is another machine: give --scratch, a folder or a bucket "
         "that it and this machine see under the same name."),
        ("scratch without an engine", ["--scratch", "{}"], 10,
         "--scratch is for --engine; give both, or neither."),
        ("no folder for scratch", ["--engine", NOBODY, "--scratch", "{}/none"], 10,
         "No scratch in {}/none: No such file or directory. Give another by --scratch."),
        ("nobody there", ["--engine", NOBODY], 12,
         "No engine at 127.0.0.1:1: Connection refused. Start one, or give another by --engine."),
    ),
)  # fmt: skip
def test_options_that_do_not_go_with_an_engine(
    tmp_path: Path, arguments: list[str], code: int, says: str
) -> None:
    source = exports(tmp_path / "exports")
    given = [argument.replace("{}", str(tmp_path)) for argument in arguments]
    done = timingctl("build", source, "-o", tmp_path / "events.parquet", *given)
    assert (done.code, done.out) == (code, "")
    assert done.err == f"Error: {says.replace('{}', str(tmp_path))}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports"]


@pytest.mark.parametrize(
    "url",
    ["spark://host:7077", "sc://", "sc://host:99999", "host:15002", "sc://host/;token",
     "sc://user@host:1", "sc://host:15002/;token=se cret"],
)  # fmt: skip
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    done = timingctl("build", tmp_path, "--engine", url)
    assert done.code == 2
    assert "that is no address of a Spark Connect engine; write it like" in done.err
    assert "secret" not in done.err
    assert "se cret" not in done.err


def test_a_token_in_a_file_of_options_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "timingctl.toml"
    config.write_text('[build]\nengine = "sc://host:1/;use_ssl=true;token=sekret"\n')
    done = timingctl("--config", config, "build", tmp_path)
    assert done.code == 2
    assert "engine in [build] has a secret; give it by TIMINGCTL_BUILD_ENGINE instead." in done.err
    assert "sekret" not in done.err


def test_a_bucket_that_an_engine_elsewhere_does_not_read(tmp_path: Path) -> None:
    output = tmp_path / "events.parquet"
    engine = ["--engine", "sc://far.example:15002", "--scratch", "s3://b/scratch"]
    done = timingctl("build", "az://lake/exports", "-o", output, *engine)
    assert (done.code, done.out) == (10, "")
    assert done.err == (
        "Error: --engine on another machine reads buckets of S3 and Google, none of Azure; give a "
        "folder that is mounted there and here, or build without --engine.\n"
    )
