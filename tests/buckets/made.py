"""Exports as lakes and export tools leave them: partitions, gzip, bodies, copies, oddities."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tests.bad_input.tool import HEADER, INBOUND, OUTBOUND, Done, write

if TYPE_CHECKING:
    from tests.buckets.bucket import Bucket

BODY = "what was written to the lead"
_UNUSABLE = "C,ann,email,sideways,2026-02-10 10:02:00,,,,\n"
_ODD = "D,ann,email,inbound,2026-02-10 10:03:00,,,,\n"


@dataclass(frozen=True)
class Made:
    """What stands in a folder, what it is called in the bucket, and what building it said."""

    folder: Path
    url: str
    bucket: Bucket
    built: Done

    def said_of_bucket(self, text: str) -> str:
        """What is said of the folder, as it is said of the bucket."""
        return text.replace(str(self.folder), self.url)


def _messages(path: Path) -> None:
    """Parquet with bodies between the columns that are read, in many row groups."""
    rows = pl.DataFrame(
        {
            "id": [f"m{n:03}" for n in range(200)],
            "body": [f"{BODY} {n} {n * n}" for n in range(200)],
            "leadId": ["ann"] * 200,
            "channel": ["sms"] * 200,
            "meta": [{"subject": f"{BODY} {n}", "n": n} for n in range(200)],
            "direction": ["inbound", "outbound"] * 100,
            "sent_at": [f"2026-02-{1 + n // 20:02} 10:{n % 20:02}:00" for n in range(200)],
            "sentBy": [None, "setter"] * 100,
            "sentByUserId": [None, "mia"] * 100,
            "bodyHtml": [f"<p>{BODY}</p>"] * 200,
        }
    )
    path.parent.mkdir()
    rows.write_parquet(path, row_group_size=50, compression="uncompressed")


def _packed(path: Path) -> None:
    """CSV in gzip, with a row that is unusable."""
    path.parent.mkdir()
    path.write_bytes(gzip.compress((HEADER + INBOUND + OUTBOUND + _UNUSABLE).encode()))


def exports(folder: Path) -> Path:
    """A folder of them."""
    return write(
        folder,
        {
            "Message.csv": None,
            "messages": lambda path: _messages(path / "part-0.parquet"),
            "messages/dt=2026-03-01/part-1.csv.gz": _packed,
            "messages/ü a+b%20c?d=1&[e]#*.csv": HEADER + _ODD,
            "messages/_SUCCESS": "",
            "Leads (1).csv": "id,clientId\nold,K\n",
            "notes.txt": "of somebody",
        },
    )
