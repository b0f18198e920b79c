"""What a sync did, for people: a small table and a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich import box
from rich.table import Table

from timingctl.cli import render
from timingctl.documents import as_json, iso
from timingctl.grid import counted

if TYPE_CHECKING:
    from pathlib import Path

    from timingctl.syncing.document import Synced

#: How many campaigns and clients are named in a line.
_NAMED = 3


def told(synced: Synced, inbox: Path, *, json: bool, quiet: bool) -> None:
    """Tell on stdout what was done, and on stderr what the user should know."""
    render.notes(synced.notes)
    if synced.rejected and (json or quiet):  # the table says it, too
        render.left_out(f"{synced.rejected:,}", f"table Reject of {render.printable(str(inbox))}")
    with render.printing(inbox if synced.wrote else None):
        if json:
            click.echo(as_json(synced.document()), nl=False)
        elif not quiet:
            _print(synced, inbox)


def _print(synced: Synced, inbox: Path) -> None:
    console = render.Console()
    rows = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    rows.add_column("Table")
    for name in ("read", "added", "changed", "removed"):
        rows.add_column(name, justify="right")
    for name, counts in synced.tables.items():
        rows.add_row(name, *(f"{count:,}" for count in counts.values()))
    console.print(rows)
    facts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    facts.add_column()
    facts.add_column(overflow="fold")
    for name, fact in _facts(synced, inbox).items():
        facts.add_row(name, render.printable(fact))
    console.print(facts)


def _facts(synced: Synced, inbox: Path) -> dict[str, str]:
    events, windows = synced.events, synced.changed_windows
    facts = {
        "Events": f"{events['total']:,}: {events['added']:,} added, {events['changed']:,} changed, "
        f"{events['removed']:,} removed",
    }
    if synced.created:
        facts["Leads"] = "all read"
    elif synced.full:
        facts["Leads"] = f"all read; {synced.affected:,} with changes"
    else:
        facts["Leads"] = f"{synced.leads:,} read again, {synced.affected:,} made anew"
    if synced.missed is not None:
        facts["Missed"] = (
            f"{counted(synced.missed, 'lead')} that a sync without --full would not have seen"
        )
    if synced.rejected:
        facts["Rejected"] = (
            f"{counted(synced.rejected, 'row')} that cannot be used; see table Reject"
        )
    if windows:
        more = f" and {len(windows) - _NAMED:,} more" if len(windows) > _NAMED else ""
        named = ", ".join(windows[:_NAMED])
        facts["Windows"] = f"changed of {named}{more}; all their anchors are attributed anew"
    if synced.pushed is not None:
        facts["Pushed"] = ", ".join(f"{count:,} {name}" for name, count in synced.pushed.items())
    facts["As of"] = iso(synced.as_of) or "no message"
    facts["Written"] = str(inbox) if synced.wrote else f"nothing; {inbox} says it all already"
    return facts
