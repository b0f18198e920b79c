"""--csv-safe: no text of a CSV file is a formula to a spreadsheet, and every value comes back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from tests.bad_input.tool import HEADER, timingctl, write
from timingctl.formulas import harmless, harmless_frame

FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1")
PLAIN = ("", " =1", "1=1", "ann", "a'b", "é=1")
MESSAGES = (
    HEADER
    + "'=A,-ann,@email,inbound,2026-02-10 10:00:00,,,,\n"
    + "=B,-ann,@email,outbound,2026-02-10 10:01:00,setter,+49 30 1,,\n"
)
SOURCE = {
    "Message.csv": MESSAGES,
    "Lead.csv": "id,clientId,emailCampaignId\n-ann,=K,+spring\n",
    "EmailCampaign.csv": "id,clientId,name,responseMode,autoSendDelayMinSeconds,"
    "autoSendDelayMaxSeconds\n+spring,=K,S,AI_AUTO_SEND,1,2\n",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("csv-safe") / "exports", SOURCE)


def rows_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))


@pytest.mark.parametrize("text", [*FORMULAS, *(f"'{formula}" for formula in FORMULAS)])
def test_a_formula_becomes_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless_frame(pl.DataFrame({"a": [text]})).item() == f"'{text}"


@pytest.mark.parametrize("value", [*PLAIN, None, -1, -1.5])
def test_anything_else_stays_as_it_is(value: object) -> None:
    assert harmless(value) == value
    assert harmless_frame(pl.DataFrame({"a": [value]})).item() == value


def test_the_events(source: Path, tmp_path: Path) -> None:
    plain, safe = tmp_path / "plain.csv", tmp_path / "safe.csv"
    assert timingctl("build", source, "-o", plain, "-q").code == 0
    assert timingctl("build", source, "-o", safe, "-q", "--csv-safe").code == 0
    [was], [row] = rows_of(plain), rows_of(safe)
    changed = {
        "id": "''=A", "inboundMessageId": "''=A", "clientId": "'=K", "leadId": "'-ann",
        "channel": "'@email", "setterResponseMessageId": "'=B", "setterSentByUserId": "'+49 30 1",
    }  # fmt: skip
    assert row == was | changed
    assert {name: value.removeprefix("'") for name, value in row.items()} == was | {"id": "'=A"}
    manifests = [json.loads(Path(f"{file}.manifest.json").read_text()) for file in (plain, safe)]
    digests = [manifest.pop("fileDigest") for manifest in manifests]
    assert manifests[0] == manifests[1]
    assert digests[0] != digests[1]


def test_other_formats_stay_as_they_are(source: Path, tmp_path: Path) -> None:
    for suffix in (".parquet", ".ndjson"):
        outputs = [tmp_path / f"{name}{suffix}" for name in ("plain", "safe")]
        assert timingctl("build", source, "-o", outputs[0], "-q").code == 0
        assert timingctl("build", source, "-o", outputs[1], "-q", "--csv-safe").code == 0
        assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_the_windows(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "windows.csv"
    assert timingctl("windows", source, "-o", output, "-q", "--csv-safe").code == 0
    [row] = rows_of(output)
    assert (row["campaignId"], row["minSeconds"]) == ("'+spring", "")


def test_the_differences(source: Path, tmp_path: Path) -> None:
    here, there, rows = (tmp_path / f"{name}.csv" for name in ("here", "there", "rows"))
    assert timingctl("build", source, "-o", here, "-q").code == 0
    there.write_text(here.read_text().replace("+49 30 1", "-49 30 1"))
    assert timingctl("diff", here, there, "-q", "--rows", rows, "--csv-safe").code == 1
    [row] = rows_of(rows)
    assert (row["leadId"], row["here"], row["there"]) == ("'-ann", "'+49 30 1", "'-49 30 1")


def test_the_report(source: Path, tmp_path: Path) -> None:
    events = tmp_path / "events.parquet"
    assert timingctl("build", source, "-o", events, "-q").code == 0
    given = ("report", events, "-q", "--format", "csv", "--section", "responders")
    [plain] = csv.DictReader(io.StringIO(timingctl(*given).out))
    [safe] = csv.DictReader(io.StringIO(timingctl(*given, "--csv-safe").out))
    assert plain["label"] == "+49 30 1"
    assert safe == plain | {"label": "'+49 30 1"}
