"""`timingctl schema`: the DDL of the event's table."""

from __future__ import annotations

import click

from timingctl.cli.params import schema_option


@click.command()
@schema_option
def schema(schema: str | None) -> None:
    """Print the DDL that `push --create` runs, for review.

    It is what Prisma would create. Without --schema the tables are those of the search path.
    """
    from timingctl.postgres.ddl import script

    click.echo(script(schema), nl=False)
