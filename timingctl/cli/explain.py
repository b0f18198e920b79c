"""`timingctl explain`: the story of one message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from timingctl.cli.params import Text, option, rule_options, source_options

if TYPE_CHECKING:
    from timingctl.warehouse import Resources

_EXAMPLES = """\b
Examples:
  timingctl explain exports/ msg-006
  timingctl explain exports/ msg-006 --delay-windows history.csv --json
  timingctl explain postgresql://reader@db.example/app msg-006 --context 20
"""


@click.command(epilog=_EXAMPLES)
@source_options
@click.argument("message_id", type=Text())
@rule_options
@option("--context", type=click.IntRange(0, 10_000), default=5, show_default=True,
        help="How many messages to show before and after it.")  # fmt: skip
@option("--json", "as_json", is_flag=True, help="Print the story as one JSON document.")
@option("--quiet", "-q", is_flag=True, help="No progress and no warnings; only the story.")
def explain(
    source: str, message_id: str, resources: Resources, as_json: bool, quiet: bool, **given: Any
) -> None:
    """Tell the story of MESSAGE_ID in SOURCE: what a build makes of it, and why.

    SOURCE is what `timingctl build` takes. The story has the thread around the message; whether
    it is an anchor; which responses, draft, job and delay window were found, and why those; the
    arithmetic of the chosen delay; and the event, which is the build's own.
    """
    from timingctl.cli import render, story
    from timingctl.cli.source import local
    from timingctl.documents import as_json as written
    from timingctl.explain import ExplainOptions
    from timingctl.explain import explain as explained

    with (
        render.progress(quiet=quiet, verbose=False) as progress,
        local(source, resources, progress) as (path, notes),
    ):
        options = ExplainOptions(path, message=message_id, resources=resources, **given)
        found = explained(options, progress)
    if not quiet:
        render.warn([*notes, *found.notes])
    if as_json:
        click.echo(written(found.document), nl=False)
    else:
        story.show(found.document)
