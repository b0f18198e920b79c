"""`timingctl schema`: the DDL of the event's table."""

from __future__ import annotations

from dataclasses import dataclass

import click

from timingctl.cli.command import command
from timingctl.cli.params import schema_option


@dataclass(frozen=True, kw_only=True)
class SchemaArguments:
    """What `timingctl schema` is given."""

    schema: str | None = schema_option("Default: the search path finds them.")


@command(
    "schema",
    SchemaArguments,
    examples=("timingctl schema", "timingctl schema --schema timing"),
    exit_codes=(0, 2),
)
def schema(given: SchemaArguments) -> None:
    """Print the DDL that `push --create` runs, for review.

    It is what Prisma would create. Without --schema the tables are those of the search path.
    """
    from timingctl.postgres.ddl import script

    click.echo(script(given.schema), nl=False)
