"""Which files hold which table, and what is said when that cannot be told."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.cases import FIXTURES, exports_of, options_of
from timingctl.errors import InputError
from timingctl.pipeline import build

TOUR = FIXTURES / "tour"
TWICE = b"""{"id": "secret", "id": "secret", "leadId": "L", "channel": "email",
 "direction": "inbound", "sentAt": "2026-02-10"}""".replace(b"\n", b"")
CUT_SHORT = gzip.compress((TOUR / "Message.csv").read_bytes(), mtime=0)[:-200]


def files_used(source: Path, tmp_path: Path, **options: object) -> dict[str, list[str]]:
    output = tmp_path / "events.parquet"
    document = build(options_of(TOUR, source=source, output=output, **options))
    assert document["events"]["total"] == 11
    return {name: table["files"] for name, table in document["tables"].items()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The tour's exports in a folder of their own."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for path in exports_of(TOUR):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def refused(source: Path, tmp_path: Path, **options: object) -> str:
    with pytest.raises(InputError) as error:
        build(options_of(TOUR, source=source, output=tmp_path / "events.parquet", **options))
    assert not (tmp_path / "events.parquet").exists()
    return str(error.value)


@pytest.mark.parametrize(
    "name",
    ["message.csv", "MESSAGES.CSV", "messages.csv", "Message_rows.csv", "mes-sage.csv"],
)
def test_a_table_is_found_whatever_its_case_and_style(
    source: Path, tmp_path: Path, name: str
) -> None:
    (source / "Message.csv").rename(source / name)
    (source / "BackgroundJob.csv").rename(source / "background_jobs.csv")
    used = files_used(source, tmp_path)
    assert used["Message"] == [name]
    assert used["BackgroundJob"] == ["background_jobs.csv"]


def test_folders_of_parts_and_other_files(source: Path, tmp_path: Path) -> None:
    frame = pl.read_csv(source / "Message.csv", infer_schema=False)
    (source / "Message.csv").unlink()
    for number in range(3):
        folder = source / "message" / f"dt=2026-02-{number + 1:02d}"
        folder.mkdir(parents=True)
        frame[number::3].write_parquet(folder / "part-0.parquet")
    (source / "message" / "_SUCCESS").write_text("")
    (source / "message" / ".part-0.parquet.crc").write_text("x")
    (source / "Messages of March.xlsx").write_text("not ours")
    (source / "Client.csv").write_text("id\n1\n")
    used = files_used(source, tmp_path)
    assert used["Message"] == [
        f"message/dt=2026-02-{day}/part-0.parquet" for day in ("01", "02", "03")
    ]


def test_two_candidates_are_both_named(source: Path, tmp_path: Path) -> None:
    (source / "messages.csv.gz").write_bytes(gzip.compress((source / "Message.csv").read_bytes()))
    sentence = refused(source, tmp_path)
    assert sentence.startswith("Message could be Message.csv or messages.csv.gz in ")
    assert "--table Message=" in sentence
    tables = {"Message": [str(source / "messages.csv.gz")]}
    assert files_used(source, tmp_path, tables=tables)["Message"] == ["messages.csv.gz"]


def test_a_table_can_be_named_explicitly(source: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where [1]"
    elsewhere.mkdir()
    frame = pl.read_csv(source / "Message.csv", infer_schema=False)
    (source / "Message.csv").unlink()
    for number in range(2):
        frame[number::2].write_csv(elsewhere / f"inbox-{number}.csv")
    tables = {"message": [str(tmp_path / "else where [[]1]" / "inbox-*.csv")]}
    assert files_used(source, tmp_path, tables=tables)["Message"] == ["inbox-0.csv", "inbox-1.csv"]
    literal = {"Message": [str(elsewhere / f"inbox-{number}.csv") for number in range(2)]}
    assert files_used(source, tmp_path, tables=literal)["Message"] == ["inbox-0.csv", "inbox-1.csv"]


def test_names_with_glob_characters_are_taken_literally(source: Path, tmp_path: Path) -> None:
    folder = source.rename(tmp_path / "exports [a-z] * ?")
    assert files_used(folder, tmp_path)["Message"] == ["Message.csv"]


def test_a_duckdb_database(source: Path, tmp_path: Path) -> None:
    database = tmp_path / "inbox.duckdb"
    with duckdb.connect(database) as connection:
        for path in exports_of(TOUR):
            connection.execute(
                f"create table {path.stem} as from read_csv('{path}', all_varchar=true)"
            )
        connection.execute("create schema app")
        connection.execute("create table app.messages as from Message")
        connection.execute("drop table Message")
    assert files_used(database, tmp_path)["Message"] == ["app.messages"]
    digests = {
        build(options_of(TOUR, source=given, output=tmp_path / "e.parquet"))["contentDigest"]
        for given in (database, source)
    }
    assert len(digests) == 1


def test_a_view_in_a_database_reads_no_other_file(source: Path, tmp_path: Path) -> None:
    database = tmp_path / "inbox.duckdb"
    with duckdb.connect(database) as connection:
        for path in exports_of(TOUR):
            verb = "view" if path.stem == "Message" else "table"
            connection.execute(
                f"create {verb} {path.stem} as from read_csv('{path}', all_varchar=true)"
            )
    assert "main.Message cannot be read" in refused(database, tmp_path)


def test_a_link_that_leads_out_is_not_followed(source: Path, tmp_path: Path) -> None:
    outside = (source / "Message.csv").rename(tmp_path / "Message.csv")
    (source / "Message.csv").symlink_to(outside)
    assert "leads out of" in refused(source, tmp_path)
    assert files_used(source, tmp_path, tables={"Message": [str(outside)]})


def test_what_is_missing_is_named_with_the_way_out(source: Path, tmp_path: Path) -> None:
    (source / "AIDraft.csv").rename(source / "AIDrafft.csv")
    assert refused(source, tmp_path) == (
        f"No AIDraft in {source}. Did you mean AIDrafft.csv? "
        "Put e.g. AIDraft.csv there, or give --table AIDraft=FILE."
    )


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    assert "is empty: no Message, AIDraft or BackgroundJob" in refused(
        tmp_path / "exports", tmp_path
    )


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "nowhere", tmp_path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    assert "is no DuckDB database" in refused(FIXTURES / "tour" / "Message.csv", tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Message.csv is empty: it has no header line."),
        (b"id;leadId;channel\n", "Message.csv separates its columns by ';', not by ','"),
        (b"id,leadId,channel,direction,sent_on\n",
         "Message.csv has no column sentAt; did you mean sent_on?"),
        (b"id,leadId,channel\n",
         "Message.csv has no column direction; it has id, leadId, channel."),
        (b"id,leadId,lead_id,channel,direction,sentAt\n",
         "Message.csv has leadId twice, as leadId and lead_id; keep one."),
        (b"id,leadId,channel,direction,sentAt\nA,L,email,inbound\n",
         "Message.csv, row 1 cannot be read: the row has another number of columns"),
        (b'id,leadId,channel,direction,sentAt\nA,L,email,inbound,"2026\n',
         "Message.csv, row 1 cannot be read: a quoted field is not closed"),
        (b"id,leadId,channel,direction,sentAt\n\xff\xfe,L,email,inbound,2026-02-10\n",
         "Message.csv, row 1 cannot be read: it is not UTF-8 text"),
        ("id,leadId\n".encode("utf-16"), "Message.csv is UTF-16 text; save it as UTF-8."),
    ],
)  # fmt: skip
def test_a_csv_that_cannot_be_used(
    source: Path, tmp_path: Path, content: bytes, sentence: str
) -> None:
    (source / "Message.csv").write_bytes(content)
    assert refused(source, tmp_path).startswith(sentence)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("Message.parquet", b"", "it is no Parquet file, or cut short"),
        ("Message.parquet", b"PAR1 but not really", "it is no Parquet file, or cut short"),
        ("Message.csv.gz", b"plain text", "cannot be read"),
        ("Message.csv.gz", CUT_SHORT, "cannot be read"),
        ("Message.csv.zst", b"plain text", "cannot be read"),
        (
            "Message.json",
            b'{"id": "A"}\n',
            "it is no JSON array; a file of a record a line is called .ndjson",
        ),
        (
            "Message.json",
            b'[{"id": "A"}, {"id',
            "is cut short, or more than an array: it does not end in a ]",
        ),
        ("Message.ndjson", b'{"id": "A"}\n{"id', "it is no valid JSON, or cut short"),
        ("Message.ndjson", TWICE, "a record has one key twice"),
        ("Message.ndjson", b"1\n2\n", "holds JSON values that are not objects"),
    ],
)
def test_a_file_that_is_not_what_its_suffix_says(
    source: Path, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (source / "Message.csv").unlink()
    (source / name).write_bytes(content)
    said = refused(source, tmp_path)
    assert said.startswith(name)
    assert sentence in said
    assert "secret" not in said


def test_the_shard_that_cannot_be_read_is_the_one_named(source: Path, tmp_path: Path) -> None:
    (source / "Message").mkdir()
    good = (source / "Message.csv").read_bytes()
    (source / "Message.csv").unlink()
    for number in range(3):
        (source / "Message" / f"{number}.csv").write_bytes(good)
    (source / "Message" / "1.csv").write_bytes(good + b"only,two\n")
    said = refused(source, tmp_path)
    assert said.startswith(f"Message/1.csv, row {good.count(10)} cannot be read")


@pytest.mark.parametrize(
    ("column", "values", "sentence"),
    [
        (
            "sentAt",
            [1],
            "unreadable timestamp (1), such as Message.parquet, row 1, column sentAt: '1'",
        ),
        ("sentAt", [True], "column sentAt is of type BOOLEAN, which is no timestamp"),
        ("id", [1.5], "column id is of type DOUBLE, which is no text"),
        ("aiDraftPartIndex", [[1]], "column aiDraftPartIndex is of type BIGINT[]"),
        ("direction", [True], "column direction is of type BOOLEAN, which is no text"),
    ],
)
def test_parquet_columns_of_a_wrong_type(
    source: Path, tmp_path: Path, column: str, values: list[object], sentence: str
) -> None:
    (source / "Message.csv").unlink()
    row = {"id": ["A"], "leadId": ["L"], "channel": ["email"], "direction": ["inbound"]}
    pl.DataFrame({**row, "sentAt": ["2026-02-10"], column: values}).write_parquet(
        source / "Message.parquet"
    )
    assert sentence in refused(source, tmp_path)


def test_a_row_of_a_quoted_megabyte_body(source: Path, tmp_path: Path) -> None:
    lines = (source / "Message.csv").read_text().splitlines()
    body = '"' + 'line, with "" quotes\n' * 100_000 + '"'
    text = "\n".join(
        [
            f"body,{lines[0]}",
            *(f"{body if n == 7 else ''},{line}" for n, line in enumerate(lines[1:])),
        ]
    )
    (source / "Message.csv").write_text(text)
    files_used(source, tmp_path)


@pytest.mark.parametrize("suffix", [".parquet", ".ndjson"])
def test_columns_named_as_duckdb_names_files_and_rows_are_left_alone(
    source: Path, tmp_path: Path, suffix: str
) -> None:
    message = pl.read_csv(source / "Message.csv", infer_schema=False)
    (source / "Message.csv").unlink()
    message = message.with_columns(file_index=pl.lit("x"), FILE_ROW_NUMBER=pl.lit("y"))
    odd = message.tail(1).with_columns(id=pl.lit("odd"), direction=pl.lit("sideways"))
    parts = {"a": message.head(5), "b": pl.concat([message.slice(5), odd])}
    (source / "Message").mkdir()
    for name, rows in parts.items():
        path = source / "Message" / f"{name}{suffix}"
        rows.write_parquet(path) if suffix == ".parquet" else rows.write_ndjson(path)
    used = files_used(source, tmp_path)
    assert used["Message"] == [f"Message/a{suffix}", f"Message/b{suffix}"]
    [reject] = pl.read_ndjson(tmp_path / "events.parquet.rejects.ndjson").to_dicts()
    assert (reject["file"], reject["row"]) == (f"Message/b{suffix}", len(message) - 5 + 1)
