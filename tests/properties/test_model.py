"""The build held to the slow model on small exports that love trouble."""

from __future__ import annotations

import csv
import tempfile
from datetime import UTC
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import model
from timingctl.options import BuildOptions
from timingctl.pipeline import build

Row = dict[str, Any]
IDS = [f"m{number}" for number in range(9)] + ["M1", "é", "😀", "６"]
DRAFTS = ["d1", "d2", "d3"]
LEADS = ["L1", "L2"]
CHANNELS = ["email", "sms"]
TIMES = [f"2026-02-10 10:0{minute}:00" for minute in range(5)]
TIMES += ["2026-02-10 10:00:00.000001", "2026-04-10 10:00:00.5"]


def one_of(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


def table(least: int = 0, **columns: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    """Rows of which, two times in three, no two have one id: most that have are unusable."""

    def rows(apart: bool) -> st.SearchStrategy[list[Row]]:
        unique_by = (lambda row: row["id"]) if apart else None
        return st.lists(
            st.fixed_dictionaries(columns), min_size=least, max_size=14, unique_by=unique_by
        )

    return st.sampled_from([True, True, False]).flatmap(rows)


MESSAGES = table(
    least=6,
    id=one_of(*IDS[:3] * 6, *IDS, *IDS, ""),
    leadId=one_of(*["L1"] * 6, *LEADS, "nobody"),
    channel=one_of(*["email"] * 4, *CHANNELS),
    direction=one_of("inbound", "outbound", "inbound", "outbound", " Inbound", "sideways"),
    sentAt=one_of(*TIMES * 4, "soon"),
    sentBy=one_of("setter", "ai", "AI ", "ai", "campaign", ""),
    sentByUserId=one_of("u1", "u2", ""),
    aiDraftId=one_of(*DRAFTS, ""),
    aiDraftPartIndex=one_of(*["0", "1", "", ""] * 4, "half"),
)
AI_DRAFTS = table(
    least=2,
    id=one_of(*DRAFTS, *DRAFTS, ""),
    triggerMessageId=one_of(*IDS[:3] * 6, *IDS, ""),
    channel=one_of(*CHANNELS, *["email"] * 4),
    createdAt=one_of(*TIMES, ""),
)
JOBS = table(
    least=2,
    id=one_of("j1", "j2", "j3", "j4"),
    type=one_of("AI_AUTO_SEND_DELAYED", "AI_AUTO_SEND_DELAYED", "OTHER"),
    messageId=one_of(*IDS[:3] * 6, *IDS),
    draftId=one_of(*DRAFTS, ""),
    runAt=one_of(*TIMES),
    startedAt=one_of(*TIMES, ""),
    finishedAt=one_of(*TIMES, ""),
)
LEAD_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": one_of(*LEADS),
            "clientId": one_of("K1", "K2", "K2", ""),
            "emailCampaignId": one_of("c1", "c2", ""),
        }
    ),
    min_size=1,
    max_size=3,
)
CAMPAIGNS = st.lists(
    st.fixed_dictionaries(
        {
            "id": one_of("c1", "c2"),
            "responseMode": one_of("AI_AUTO_SEND", "AI_AUTO_SEND", "SETTER_MANAGED", ""),
            "autoSendDelayMinSeconds": one_of("180", "0", "-5", ""),
            "autoSendDelayMaxSeconds": one_of("420", "180", "0", ""),
        }
    ),
    max_size=3,
)
TABLES = st.fixed_dictionaries(
    {
        "Message": MESSAGES,
        "AIDraft": AI_DRAFTS,
        "BackgroundJob": JOBS,
        "Lead": LEAD_ROWS,
        "EmailCampaign": CAMPAIGNS,
    }
)
HISTORIES: st.SearchStrategy[list[Row]] = st.sampled_from(
    [
        [],
        [{"campaignId": "c1", "minSeconds": "60", "maxSeconds": "90", "effectiveTo": TIMES[2]}],
        [
            {"clientId": "K2", "minSeconds": "5", "maxSeconds": "2000000000"},
            {"campaignId": "c2", "minSeconds": "7", "maxSeconds": "7", "effectiveFrom": TIMES[1]},
        ],
    ]
)
HISTORY_COLUMNS = [
    "campaignId",
    "clientId",
    "minSeconds",
    "maxSeconds",
    "effectiveFrom",
    "effectiveTo",
]


#: What a world calls its own; without it two worlds were one.
_OWN = {
    *("id", "leadId", "aiDraftId", "triggerMessageId", "messageId", "draftId"),
    *("clientId", "campaignId", "emailCampaignId"),
}
#: Of small exports, each with its history, as many as one build takes at once.
WORLDS = st.lists(st.tuples(TABLES, HISTORIES), min_size=1, max_size=6)
#: So many are in a list that Hypothesis makes, on average.
PER_LIST = 3


def together(worlds: list[tuple[dict[str, list[Row]], list[Row]]]) -> Any:
    """The tables and the history of several worlds that know nothing of each other."""
    tables: dict[str, list[Row]] = {name: [] for name in model.COLUMNS}
    histories: list[Row] = []
    for number, (exports, history) in enumerate(worlds):
        for name, rows in exports.items():
            tables[name] += [_of_world(number, row) for row in rows]
        histories += [_of_world(number, row) for row in history]
    return tables, histories


def _of_world(number: int, row: Row) -> Row:
    """The row with its own ids; those of the first world are as they were."""
    return {
        name: f"{value}~{number}" if number and value and name in _OWN else value
        for name, value in row.items()
    }


def write_csv(path: Path, names: list[str], rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)


def utc(row: Row) -> Row:
    return {
        name: value.replace(tzinfo=UTC) if hasattr(value, "tzinfo") else value
        for name, value in row.items()
    }


@settings(max_examples=settings().max_examples // PER_LIST)
@given(WORLDS.map(together), st.sampled_from(["turn", "next"]))
def test_the_build_is_the_model(
    exports: tuple[dict[str, list[Row]], list[Row]], setter_rule: str
) -> None:
    tables, history = exports
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for table_name, rows in tables.items():
            write_csv(folder / f"{table_name}.csv", model.COLUMNS[table_name], rows)
        write_csv(folder / "history.csv", HISTORY_COLUMNS, history)
        output = folder / "events.parquet"
        document = build(
            BuildOptions(
                source=folder,
                output=output,
                setter_rule=setter_rule,
                delay_windows=folder / "history.csv",
                allow_rejects=True,  # that tables may lose all of their rows is held elsewhere
            )
        )
        events = pl.read_parquet(output).drop("createdAt", "updatedAt").to_dicts()
        rejects = folder / "events.parquet.rejects.ndjson"
        listed = rejects.read_text().splitlines() if rejects.exists() else []

    assert events == model.events(tables, setter_rule, history)
    rejected = 0
    for table_name, account in document["tables"].items():
        unusable = sum(account["rejected"].values())
        rejected += unusable
        assert account["rowsRead"] == len(tables[table_name])
        assert account["rowsRead"] == account["used"] + unusable + account["exactDuplicates"]
    assert len(listed) == rejected
