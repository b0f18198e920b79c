"""`timingctl verify`: cases built in many ways, which must all agree."""

from __future__ import annotations

from pathlib import Path

import click

from timingctl.cli.params import option

_EXAMPLES = """\b
Examples:
  timingctl verify
  timingctl verify fixtures/tour fixtures/ties
  timingctl verify exports/ --json
  timingctl verify --update
"""


@click.command(epilog=_EXAMPLES)
@click.argument("cases", nargs=-1, metavar="[CASE]...", type=click.Path(path_type=Path))
@option(
    "--update", is_flag=True,
    help="Rewrite the expected events of every case whose runs all agree.",
)  # fmt: skip
@option(
    "--temp-dir", type=click.Path(path_type=Path),
    help="Where exports are written anew and built. Default: the system's.",
)  # fmt: skip
@option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@option("--quiet", "-q", is_flag=True, help="No tables, no progress; only what differs.")
@option("--verbose", "-v", is_flag=True, help="Say what is being done.")
def verify(
    cases: tuple[Path, ...], update: bool, temp_dir: Path | None, as_json: bool, quiet: bool,
    verbose: bool,
) -> int:  # fmt: skip
    """Build every CASE in many ways, and fail unless all give the same, expected events.

    CASE is a folder of exports, with the events that they must give as expected.csv (.parquet,
    .ndjson) and options of `build` in options.toml, or a folder of such folders; by default
    fixtures/. A case without expected events is checked for determinism alone. The exit code is
    0 when all agree, 1 when any differs.
    """
    from timingctl.cli import render, terminal
    from timingctl.documents import as_json as json_text
    from timingctl.verify import matrix
    from timingctl.verify.cases import cases_in

    found = cases_in(cases or [Path("fixtures")])
    with render.progress(quiet=quiet, verbose=verbose) as progress:
        verdicts = list(matrix.verify(found, update=update, temp_dir=temp_dir, progress=progress))
    passed = all(verdict.passed for verdict in verdicts)
    if as_json:
        documents = [verdict.document() for verdict in verdicts]
        click.echo(json_text({"passed": passed, "cases": documents}), nl=False)
    else:
        if not quiet:
            terminal.show_grids(matrix.verdict_grids(verdicts))
        terminal.show_findings(verdicts)
    return 0 if passed else 1
