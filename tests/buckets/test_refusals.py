"""What cannot be: each in a sentence, with the exit code of what it stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad_input.tool import cases, timingctl, write
from tests.buckets.bucket import Bucket, environment_of, run_at
from tests.buckets.servers import Answer, answering, body, closed_port, refusing
from timingctl.buckets.places import place_of
from timingctl.errors import InputError

_KEYS = "AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_PUBLIC = "for a public bucket set AWS_NO_SIGN_REQUEST=1"
_RIGHT = "these credentials do not have the right"
_CHECK = "check the network and AWS_ENDPOINT_URL"


@pytest.mark.wide(but=3)
@pytest.mark.parametrize(
    ("answer", "reading", "writing"),
    cases(
        ("no right", refusing(403, "AccessDenied"),
         f"listed: {_RIGHT} (s3:ListBucket); ask for it, or give others ({_KEYS}); {_PUBLIC}.",
         f"written: {_RIGHT} (s3:PutObject); ask for it, or give others ({_KEYS})."),
        ("a right that is named",
         refusing(403, "AccessDenied", "User: x is not authorized to perform: s3:X on resource: y"),
         f"listed: {_RIGHT} (s3:X); ask for it, or give others ({_KEYS}); {_PUBLIC}.",
         f"written: {_RIGHT} (s3:X); ask for it, or give others ({_KEYS})."),
        ("another region", refusing(301, "PermanentRedirect", x_amz_bucket_region="eu-west-1"),
         "listed: s3://bucket is in another region (AT was asked); set AWS_REGION=eu-west-1.",
         "written: s3://bucket is in another region (AT was asked); set AWS_REGION=eu-west-1."),
        ("a key nobody knows", refusing(403, "InvalidAccessKeyId"),
         f"listed: AT does not accept the credentials; look at {_KEYS}; {_PUBLIC}.",
         f"written: AT does not accept the credentials; look at {_KEYS}."),
        ("old credentials", refusing(400, "ExpiredToken"),
         "listed: the credentials have expired; get new ones, as by signing in again.",
         "written: the credentials have expired; get new ones, as by signing in again."),
        ("a page of the web", body(200, "<html>Please log in</html>"),
         f"read: AT does not answer as S3 does; {_CHECK}.",
         f"read: AT does not answer as S3 does; {_CHECK}."),
        ("a page that is not found", body(404, "<html>Not here</html>"),
         f"listed: AT does not answer as S3 does; {_CHECK}.",
         f"written: AT does not answer as S3 does; {_CHECK}."),
        ("garbage", body(200, '{"a": 1}', "application/json"),
         f"listed: AT does not answer as S3 does; {_CHECK}.",
         f"written: AT does not answer as S3 does; {_CHECK}."),
        ("what nobody foresaw", refusing(418, "Teapot"),
         f"listed: AT refuses (Teapot); look at {_KEYS}.",
         f"written: AT refuses (Teapot); look at {_KEYS}."),
    ),
)  # fmt: skip
def test_a_service_that_refuses(answer: Answer, reading: str, writing: str, tmp_path: Path) -> None:
    exports = write(tmp_path / "exports", {})
    with answering(answer) as address:
        read = run_at(address, "build", "s3://bucket/exports", "-o", tmp_path / "e.csv")
        written = run_at(address, "build", exports, "-o", "s3://bucket/e.csv")
    at = f"{address} (AWS_ENDPOINT_URL)"
    reading, writing = (re.sub(r"\bAT\b", at, says) for says in (reading, writing))
    assert (read.code, read.err) == (11, f"Error: s3://bucket/exports cannot be {reading}\n")
    assert (written.code, written.err) == (10, f"Error: s3://bucket/e.csv cannot be {writing}\n")


def test_nobody_answers() -> None:
    address = closed_port()
    done = run_at(address, "build", "s3://bucket/exports")
    assert (done.code, done.err) == (
        11,
        f"Error: s3://bucket/exports cannot be listed: {address} (AWS_ENDPOINT_URL) cannot be "
        f"reached; {_CHECK}.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    cases(
        ("no bucket", ["s3://no-such/exports"], 11,
         "s3://no-such/exports cannot be listed: there is no s3://no-such at AT; check its name "
         "and AWS_ENDPOINT_URL."),
        ("no such key", ["URL/nothing.parquet"], 11,
         "There is nothing at URL/nothing.parquet: no key has this name, or begins with "
         "URL/nothing.parquet/."),
        ("a table is missing", ["URL/few"], 11,
         "No Message or BackgroundJob in URL/few. Put e.g. Message.csv there, or give --table "
         "Message=FILE."),
        ("a lake", ["URL/lake"], 11,
         "URL/lake/Message is a table of Delta Lake (_delta_log), whose files hold deleted and "
         "replaced rows, too. Make a plain table of it: duckdb -c \"INSTALL delta; LOAD delta; "
         "COPY (FROM delta_scan('URL/lake/Message')) TO 'Message.parquet'\""),
        ("a foreign file in a table", ["URL/foreign"], 11,
         "URL/foreign/Message/a.xlsx is none of .parquet, .csv, .tsv, .json, .ndjson, .jsonl (the "
         "text ones also .gz or .zst); move it away, or let its name begin with _."),
        ("a file that is a folder, too", ["URL/both"], 11,
         "URL/both/Message is a file, and the beginning of other keys; rename one of them."),
        ("a key that no file can have", ["URL/slashes"], 11,
         "URL/slashes// has a part of its name that no file can have (empty, too long, . or ..); "
         "rename it, or move it away."),
        ("a key that leads out", ["URL/out of"], 11,
         "URL/out of/Message/../../x.csv has a part of its name that no file can have (empty, too "
         "long, . or ..); rename it, or move it away."),
        ("an empty file", ["URL/lake/empty.duckdb"], 11,
         "URL/lake/empty.duckdb is no DuckDB database; give one, or a folder of exports."),
        ("one export", ["URL/few/AIDraft.csv"], 11,
         "URL/few/AIDraft.csv is no DuckDB database, but one export; give the folder that it is "
         "in, or a folder with --table for each file that is elsewhere."),
        ("a pattern of nothing", ["URL/few", "--table", "Message=URL/exports/*/none-*.csv"], 11,
         "--table: no file matches URL/exports/*/none-*.csv."),
        ("a folder as a table", ["URL/few", "--table", "Message=URL/lake/Message"], 11,
         "--table: URL/lake/Message is a folder; give URL/lake/Message/* for its files."),
        ("an input as the output", ["URL/exports", "-o", "URL/exports/Message.csv"], 10,
         "URL/exports/Message.csv is an input; give another output by -o."),
        ("a manifest of somebody else", ["URL/exports", "-o", "URL/out/e.csv"], 10,
         "URL/out/e.csv.manifest.json was not written by timingctl; move it away, or give another "
         "output by -o."),
        ("a folder as the output", ["URL/exports", "-o", "URL/lake/Message/dir.csv"], 10,
         "URL/lake/Message/dir.csv is a folder; move it away, or give another output."),
        ("no bucket to write to", ["URL/exports", "-o", "s3://no-such/e.csv"], 10,
         "s3://no-such/e.csv cannot be written: there is no s3://no-such at AT; check its name and "
         "AWS_ENDPOINT_URL."),
        ("no account", ["az://container/exports"], 10,
         "az:// needs the name of the storage account; set AZURE_STORAGE_ACCOUNT, or "
         "AZURE_STORAGE_CONNECTION_STRING."),
    ),
)  # fmt: skip
def test_what_is_not_there(arguments: list[str], code: int, says: str, crowded: Bucket) -> None:
    done = crowded.run("build", *(one.replace("URL", crowded.url) for one in arguments), "-q")
    said = says.replace("AWS_ENDPOINT_URL", "VARIABLE").replace("URL", crowded.url)
    at = f"{crowded.address} (VARIABLE)"
    said = said.replace(" AT;", f" {at};").replace("VARIABLE", "AWS_ENDPOINT_URL")
    assert (done.code, done.err) == (code, f"Error: {said}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "NONE"],
        ["report", "HERE", "--versus", "NONE"],
        ["report", "HERE", "--exports", "NONE"],
        ["report", "HERE", "--leads", "NONE"],
        ["report", "HERE", "--names", "NONE"],
        ["effects", "NONE"],
        ["list", "NONE", "neither"],
        ["check", "NONE", "--rule", "setter.p90 <= 15min"],
        ["lead", "NONE", "ann"],
        ["lead", "HERE", "ann", "--names", "NONE"],
        ["explain", "NONE", "m1"],
        ["windows", "NONE"],
        ["diff", "NONE", "HERE"],
        ["diff", "HERE", "NONE"],
        ["sync", "inbox.duckdb", "NONE"],
        ["push", "NONE", "--dsn", "postgresql://127.0.0.1:1/x"],
    ],
    ids=" ".join,
)
def test_every_command_looks_into_buckets(
    arguments: list[str], crowded: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = {"NONE": f"{crowded.url}/none", "HERE": str(tmp_path / "none")}
    done = crowded.run(*(words.get(one, one) for one in arguments))
    assert done.code == 11
    assert f"There is nothing at {crowded.url}/none: no key has this name" in done.err
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def crowded(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """A bucket with many things in it, none of which is to change."""
    bucket = Bucket.made(address, "crowded")
    exports = write(tmp_path_factory.mktemp("crowded") / "exports", {})
    bucket.fill(exports, "exports")
    bucket.put("few/AIDraft.csv", "id,triggerMessageId,channel,createdAt\n")
    for table in ("AIDraft", "BackgroundJob"):
        bucket.put(f"lake/{table}.csv", "id\n")
        bucket.put(f"foreign/{table}.csv", "id\n")
        bucket.put(f"out of/{table}.csv", "id\n")
    for key in ("Message/_delta_log/0.json", "Message/part-0.parquet", "Message/dir.csv/x"):
        bucket.put(f"lake/{key}", "{}")
    bucket.put("out of/Message/../../x.csv", "id\n")
    bucket.put("slashes//Message/x.csv", "id\n")
    bucket.put("foreign/Message/a.xlsx", "PK")
    bucket.put("lake/empty.duckdb", "")
    bucket.put("both/Message", "id")
    bucket.put("both/Message/part-0.csv", "id")
    bucket.put("out/e.csv.manifest.json", '{"tool": "another"}')
    before = bucket.keys()
    yield bucket
    assert bucket.keys() == before


@pytest.mark.parametrize(
    ("given", "says"),
    cases(
        ("a slash is missing", "s3:/b-1/x",
         "s3:/b-1/x is not how a bucket is written; write s3://b-1/x."),
        ("Hadoop's scheme", "s3a://b-1/x",
         "s3a://b-1/x is not how a bucket is written; write s3://b-1/x."),
        ("Azure's scheme", "abfss://c-1/x",
         "abfss://c-1/x is not how a bucket is written; write az://c-1/x."),
        ("no bucket", "gs://", "gs:// names no bucket; write gs://bucket/key."),
        ("a password", "s3://KEY:pass@b-1/x",
         "s3://***@b-1/x has something before its bucket; write s3://bucket/key, and give "
         f"credentials in the environment or a profile ({_KEYS})."),
        ("options", "s3://b-1/x?secret=pass",
         "s3://b-1/x has options behind a question mark; give them in the environment "
         "(AWS_REGION, AWS_ENDPOINT_URL)."),
        ("an empty name", "s3://b-1//x",
         "s3://b-1//x has an empty name, . or .. between its slashes; take it out."),
        ("a page of AWS", "https://b-1.s3.eu-west-1.amazonaws.com/x/y?X-Amz-Signature=pass",
         "https://b-1.s3.eu-west-1.amazonaws.com/x/y is not read; write s3://b-1/x/y."),
        ("another protocol", "ftp://host/x",
         "ftp://host/x cannot be read: the scheme ftp:// is not read. Give a folder, a DuckDB "
         "database, or postgresql://user:password@host:port/database."),
    ),
)  # fmt: skip
def test_what_is_no_bucket(given: str, says: str) -> None:
    done = timingctl("build", given)
    assert (done.code, done.err) == (11, f"Error: {says}\n")


_COPY = "s3://b-1/x.csv is in a bucket; copy it to this machine first."
_WRITE = (
    "s3://b-1/x.csv is in a bucket, where only `timingctl build -o` writes; give a path on this "
    "machine."
)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    cases(
        ("windows", ["build", "HERE", "--delay-windows", "URL"], 2, _COPY),
        ("options", ["--config", "URL", "build", "HERE"], 2, _COPY),
        ("holidays", ["list", "HERE", "neither", "--business-hours", "Mon 09:00-17:00",
                      "--holidays", "URL"], 2, _COPY),
        ("rules", ["check", "HERE", "URL"], 2, _COPY),
        ("cases", ["verify", "URL"], 11,
         "s3://b-1/x.csv is in a bucket; copy the cases to this machine first."),
        ("an inbox to sync", ["sync", "URL", "HERE"], 2, _WRITE),
        ("a history", ["windows", "HERE", "-o", "URL"], 2, _WRITE),
        ("a page", ["report", "HERE", "--html", "URL"], 2, _WRITE),
        ("a report", ["effects", "HERE", "-o", "URL"], 2, _WRITE),
        ("a list", ["list", "HERE", "neither", "-o", "URL"], 2, _WRITE),
        ("copies", ["build", "HERE", "--temp-dir", "URL"], 2, _WRITE),
        ("copies of cases", ["verify", "HERE", "--temp-dir", "URL"], 2, _WRITE),
        ("what is made up", ["generate", "URL"], 2, _WRITE),
        ("what is pulled", ["pull", "--dsn", "postgresql://here/x", "-o", "URL"], 2, _WRITE),
    ),
)  # fmt: skip
def test_what_has_to_be_here(arguments: list[str], code: int, says: str, tmp_path: Path) -> None:
    words = {"URL": "s3://b-1/x.csv", "HERE": str(tmp_path)}
    done = timingctl(*(words.get(one, one) for one in arguments))
    assert done.code == code
    assert done.err.endswith(f"{says}\n")


@pytest.mark.parametrize(
    ("environment", "says"),
    cases(
        ("an endpoint that is none", {"AWS_ENDPOINT_URL": "ftp://user:pass@host"},
         "AWS_ENDPOINT_URL is no address of a service; write it as https://s3.example.com or "
         "http://127.0.0.1:9000."),
        ("a profile that is nowhere", {"AWS_PROFILE": "prd", "AWS_ACCESS_KEY_ID": ""},
         "AWS_PROFILE is 'prd', and neither ~/.aws/config nor ~/.aws/credentials has it."),
        ("a key with the line end of its file", {"AWS_SECRET_ACCESS_KEY": "sekret\n"},
         "AWS_SECRET_ACCESS_KEY has a blank or a line end before or after it; set it without."),
    ),
)  # fmt: skip
def test_settings_that_cannot_be_meant(environment: dict[str, str], says: str) -> None:
    here = environment_of(closed_port())
    done = timingctl("build", "s3://bucket/x", **{**here, **environment})
    assert (done.code, done.err) == (10, f"Error: {says}\n")


def test_a_place_is_called_as_it_is_written() -> None:
    assert str(place_of("S3://Bucket/a b/ü?[1]*.csv/")) == "s3://Bucket/a b/ü?[1]*.csv"
    with pytest.raises(InputError):
        place_of("s3://arn:aws:s3:::x/y")


@pytest.mark.parametrize("command", ["build", "report", "effects", "explain"])
def test_an_empty_bucket_is_said_to_be_empty(command: str, bucket: Bucket) -> None:
    done = bucket.run(command, bucket.url, *["x"][: command == "explain"])
    assert (done.code, done.out) == (11, "")
    assert done.err.startswith(f"Error: {bucket.url} is empty: no Message, AIDraft or")
