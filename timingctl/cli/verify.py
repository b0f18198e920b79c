"""`timingctl verify`: cases built in many ways, which must all agree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timingctl.arguments import place
from timingctl.cli.command import argument, command, option
from timingctl.cli.params import json_option, quiet_option, verbose_option

if TYPE_CHECKING:
    from timingctl.verify.matrix import VerifyDocument


@dataclass(frozen=True, kw_only=True)
class VerifyArguments:
    """What `timingctl verify` is given."""

    cases: tuple[Path, ...] = argument(
        "cases", nargs=-1, metavar="[CASE]...", type=click.Path(path_type=Path)
    )
    update: bool = option(
        "--update", group="Changes", is_flag=True, typed_only=True,
        help="Rewrite the expected events of every case whose runs all agree.",
    )  # fmt: skip
    json: bool = json_option("what was found")
    temp_dir: Path | None = option(
        "--temp-dir", group="Resources", type=click.Path(path_type=Path),
        help="Where exports are written anew and built. Default: the system's.",
    )  # fmt: skip
    quiet: bool = quiet_option("No tables, no progress; only what differs.")
    verbose: bool = verbose_option()


@command(
    "verify",
    VerifyArguments,
    examples=(
        "timingctl verify",
        "timingctl verify fixtures/tour fixtures/ties",
        "timingctl verify exports/ --json",
        "timingctl verify inbox.duckdb",
        "timingctl verify --update",
    ),
    exit_codes=(0, 1, 2, 10, 11),
    found="differences",
)
def verify(given: VerifyArguments) -> int:
    """Build every CASE in many ways, and fail unless all agree.

    CASE is a folder of exports, with the events that they must give as expected.csv (.parquet,
    .ndjson) and options of `build` in options.toml, or a folder of such folders; by default
    fixtures/. It may be an inbox: then its events are what building from it must give. A case
    without expected events is checked for determinism alone. The exit code is 0 when all agree, 1
    when any differs.
    """
    from timingctl.cli import render, terminal
    from timingctl.documents import as_json
    from timingctl.verify import matrix
    from timingctl.verify.cases import cases_in

    temp_dir = given.temp_dir and place(given.temp_dir)
    found = cases_in(given.cases or [Path("fixtures")])
    with render.progress(quiet=given.quiet, verbose=given.verbose) as progress:
        verdicts = list(
            matrix.verify(found, update=given.update, temp_dir=temp_dir, progress=progress)
        )
    passed = all(verdict.passed for verdict in verdicts)
    if given.json:
        document: VerifyDocument = {
            "passed": passed,
            "cases": [verdict.document() for verdict in verdicts],
        }
        click.echo(as_json(document), nl=False)
    else:
        if not given.quiet:
            terminal.show_grids(matrix.verdict_grids(verdicts))
        terminal.show_findings(verdicts)
    return 0 if passed else 1
