"""The process: runs a command and maps what it raises to one sentence and an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import suppress

from timingctl import stop


def main() -> None:
    """Run the command line; never returns."""
    stop.listen()
    _hide_passwords()
    code = _run()
    if stop.asked():  # what was left to itself must not hold up the end
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _hide_passwords() -> None:
    """Take the passwords of DSNs in the arguments out of what `ps` shows of this process."""
    from timingctl.postgres.dsn import redacted

    shown = [redacted(argument) for argument in sys.argv]
    if shown != sys.argv:
        with suppress(ModuleNotFoundError):  # then the driver is not there either: no run begins
            import setproctitle

            setproctitle.setproctitle(" ".join(["timingctl", *shown[1:]]))


def _is_text(given: str) -> bool:
    """Whether an argument, or a variable for options, is UTF-8 as it has to be from here on."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True


def _run() -> int:
    try:
        return _told()
    except (stop.Stopped, KeyboardInterrupt):  # the second before `listen`, or without it
        print("Interrupted; no partial file was left.", file=sys.stderr)
        return 128 + (stop.asked() or signal.SIGINT)  # as shells report it


def _told() -> int:
    """Run the command; say what it raises in a sentence. Returns the exit code."""
    import click

    from timingctl.cli import cli
    from timingctl.errors import SettingsError, TimingctlError, visible

    try:
        options = (text for name, text in os.environ.items() if name.startswith("TIMINGCTL_"))
        for text in (*sys.argv, *options):
            if not _is_text(text):
                raise click.UsageError(
                    f"{visible(text)} is no UTF-8; rename it, or write it in UTF-8."
                )
        return int(cli.main(standalone_mode=False) or 0)
    except click.Abort:
        raise KeyboardInterrupt from None
    except (click.ClickException, TimingctlError, OSError) as error:
        stop.check()  # what was woken fails, in its own words
        match error:
            case click.ClickException():
                error.show()
                return error.exit_code
            case TimingctlError():
                click.echo(f"Error: {visible(str(error))}", err=True)
                return error.exit_code
            case OSError(errno=errno.ENOSPC):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the last flush
                click.echo("Error: No space left where the output goes.", err=True)
                return SettingsError.exit_code
        raise


if __name__ == "__main__":
    main()
