"""`timingctl delay`: which delay the app chose for a message id."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from timingctl.cli.params import Text, option

if TYPE_CHECKING:
    import polars as pl

_EXAMPLES = """\b
Examples:
  timingctl delay msg-002 msg-007 --min 180 --max 420
  timingctl delay msg-002 --min 180 --max 420 --explain
  timingctl delay --min 180 --max 420 --json < ids.txt > delays.ndjson
"""

_SECONDS = click.IntRange(-(2**31), 2**31 - 1)
_RESULT = ("id", "minSeconds", "maxSeconds", "chosenSeconds")


@click.command(epilog=_EXAMPLES)
@click.argument("ids", metavar="[ID]...", nargs=-1, type=Text())
@option("--min", "minimum", type=_SECONDS, required=True, help="The window's lower end, seconds.")
@option("--max", "maximum", type=_SECONDS, required=True, help="The window's upper end, seconds.")
@option("--explain", is_flag=True, help="Show the arithmetic: hash, range, remainder.")
@option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def delay(ids: tuple[str, ...], minimum: int, maximum: int, explain: bool, as_json: bool) -> None:
    """Print the delay in seconds that the app chose for each message ID.

    Without an ID the ids are read from stdin, one a line, as many as there are. Every id gives
    one line, in the order given: the id, a tab, the seconds. Unprintable characters of ids are
    shown escaped there; --json has them as they are.
    """
    import polars as pl

    from timingctl.delay import arithmetic
    from timingctl.lines import id_blocks

    if not ids and sys.stdin.isatty():
        click.echo("Reading ids, one a line, until Ctrl-D.", err=True)
    render = _as_json if as_json else _as_explanation if explain else _as_table
    for block in [pl.Series("id", ids)] if ids else id_blocks(sys.stdin.buffer, "stdin"):
        low, high = (pl.Series([end]).new_from_index(0, len(block)) for end in (minimum, maximum))
        steps = arithmetic(block, low, high)
        sys.stdout.buffer.write(render(steps if explain else steps.select(_RESULT)))
    sys.stdout.buffer.flush()


def _as_json(steps: pl.DataFrame) -> bytes:
    return steps.write_ndjson().encode()


def _as_table(steps: pl.DataFrame) -> bytes:
    from timingctl.cli.text import plain_column

    return _lines(steps.select(plain_column(steps["id"]), "chosenSeconds"))


def _as_explanation(steps: pl.DataFrame) -> bytes:
    import polars as pl

    from timingctl.cli.text import plain_column, written_out

    return _lines(pl.select(pl.format("{}\n{}", plain_column(steps["id"]), written_out(steps))))


def _lines(cells: pl.DataFrame) -> bytes:
    """A line a row, its cells parted by tabs; they hold none."""
    return cells.write_csv(include_header=False, separator="\t", quote_style="never").encode()
