"""`timingctl delay`: which delay the app chose for a message id."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Text

if TYPE_CHECKING:
    import polars as pl

_SECONDS = click.IntRange(-(2**31), 2**31 - 1)
_RESULT = ("id", "minSeconds", "maxSeconds", "chosenSeconds")


@dataclass(frozen=True, kw_only=True)
class DelayArguments:
    """What `timingctl delay` is given."""

    ids: tuple[str, ...] = argument("ids", metavar="[ID]...", nargs=-1, type=Text())
    minimum: int = option(
        "--min", group="Window", metavar="SECONDS", type=_SECONDS, required=True,
        help="The window's lower end.",
    )  # fmt: skip
    maximum: int = option(
        "--max", group="Window", metavar="SECONDS", type=_SECONDS, required=True,
        help="The window's upper end.",
    )  # fmt: skip
    explain: bool = option(
        "--explain", group="Output", is_flag=True,
        help="Show the arithmetic: hash, range, remainder.",
    )  # fmt: skip
    json: bool = option(
        "--json", group="Output", is_flag=True, help="Print one JSON object a line."
    )


@command(
    "delay",
    DelayArguments,
    examples=(
        "timingctl delay msg-002 msg-007 --min 180 --max 420",
        "timingctl delay msg-002 --min 180 --max 420 --explain",
        "timingctl delay --min 180 --max 420 --json < ids.txt > delays.ndjson",
    ),
    exit_codes=(0, 2, 11),
)
def delay(given: DelayArguments) -> None:
    """Print the delay in seconds that the app chose for each message ID.

    Without an ID the ids are read from stdin, one a line, as many as there are. Every id gives
    one line, in the order given: the id, a tab, the seconds. Unprintable characters of ids are
    shown escaped there; --json has them as they are.
    """
    import polars as pl

    from timingctl.delay import arithmetic
    from timingctl.lines import id_blocks

    if not given.ids and sys.stdin.isatty():
        click.echo("Reading ids, one a line, until Ctrl-D.", err=True)
    render = _as_json if given.json else _as_explanation if given.explain else _as_table
    for block in (
        [pl.Series("id", given.ids)] if given.ids else id_blocks(sys.stdin.buffer, "stdin")
    ):
        ends = given.minimum, given.maximum
        low, high = (pl.Series([end]).new_from_index(0, len(block)) for end in ends)
        steps = arithmetic(block, low, high)
        sys.stdout.buffer.write(render(steps if given.explain else steps.select(_RESULT)))
    sys.stdout.buffer.flush()


def _as_json(steps: pl.DataFrame) -> bytes:
    return steps.write_ndjson().encode()


def _as_table(steps: pl.DataFrame) -> bytes:
    from timingctl.cli.text import visible_column

    return _lines(steps.select(visible_column(steps["id"]), "chosenSeconds"))


def _as_explanation(steps: pl.DataFrame) -> bytes:
    import polars as pl

    from timingctl.cli.text import visible_column, written_out

    return _lines(pl.select(pl.format("{}\n{}", visible_column(steps["id"]), written_out(steps))))


def _lines(cells: pl.DataFrame) -> bytes:
    """A line a row, its cells parted by tabs; they hold none."""
    return cells.write_csv(include_header=False, separator="\t", quote_style="never").encode()
