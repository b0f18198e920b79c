"""`timingctl explain`: the story of one message."""

from __future__ import annotations

from dataclasses import dataclass

import click

from timingctl.arguments import MOST_CONTEXT
from timingctl.cli.command import argument, command, option
from timingctl.cli.kinds import Text
from timingctl.cli.params import RuleArguments, SourceArguments, json_option, quiet_option


@dataclass(frozen=True, kw_only=True)
class ExplainArguments(SourceArguments, RuleArguments):
    """What `timingctl explain` is given."""

    message_id: str = argument("message_id", type=Text())
    context: int = option(
        "--context", group="Output", metavar="N", type=click.IntRange(0, MOST_CONTEXT), default=5,
        show_default=True, help="How many messages to show before and after it.",
    )  # fmt: skip
    json: bool = json_option("the story")
    quiet: bool = quiet_option("No progress and no notes; only the story.")


@command(
    "explain",
    ExplainArguments,
    examples=(
        "timingctl explain exports/ msg-006",
        "timingctl explain exports/ msg-006 --delay-windows history.csv --json",
        "timingctl explain postgresql://reader@db.example/app msg-006 --context 20",
    ),
    exit_codes=(0, 2, 10, 11, 12),
)
def explain(given: ExplainArguments) -> None:
    """Tell the story of one message of SOURCE: what a build makes of it.

    SOURCE is what `timingctl build` takes. The story has the thread around the message; whether
    it is an anchor; who wrote first after it, and how long the lead waited; which responses, draft,
    job and delay window were found, and why those; what became of each sending job; the arithmetic
    of the chosen delay; and the event, which is the build's own.
    """
    from timingctl import api
    from timingctl.cli import render, story
    from timingctl.documents import as_json

    with render.progress(quiet=given.quiet, verbose=False) as progress:
        found = api.explain(
            given.source,
            given.message_id,
            table=given.tables,
            client=given.client,
            setter_rule=given.setter_rule,
            delay_windows=given.delay_windows,
            keep_bounces=given.keep_bounces,
            context=given.context,
            threads=given.threads,
            memory_limit=given.memory_limit,
            temp_dir=given.temp_dir,
            progress=progress,
        )
    if not given.quiet:
        render.notes(found.notes)
    if given.json:
        click.echo(as_json(found.document), nl=False)
    else:
        story.show(found.document)
