"""The process: runs a command and maps what it raises to one sentence and an exit code."""

from __future__ import annotations

import signal
import sys

import click

from timingctl.cli import cli
from timingctl.errors import EXIT_INTERRUPTED, EXIT_TERMINATED, TimingctlError


def main() -> None:
    """Run the command line; never returns."""
    _hide_passwords()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED))
    sys.exit(_run())


def _hide_passwords() -> None:
    """Take the passwords of DSNs in the arguments out of what `ps` shows of this process."""
    from timingctl.postgres.dsn import redacted

    shown = [redacted(argument) for argument in sys.argv]
    if shown != sys.argv:
        import setproctitle

        setproctitle.setproctitle(" ".join(["timingctl", *shown[1:]]))


def _run() -> int:
    try:
        return int(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except TimingctlError as error:
        click.echo(f"Error: {error}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; nothing was changed.", err=True)
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    main()
