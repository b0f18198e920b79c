"""The process: runs a command and maps what it raises to one sentence and an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
#: After how many seconds an alarm asks again.
_LATER_S = 0.02
_received: list[int] = []


def main() -> None:
    """Run the command line; never returns."""
    _hide_passwords()
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as in a background job of a shell
            signal.signal(number, _stop)
    signal.signal(signal.SIGALRM, _interrupt)
    code = _run()
    # The work is done or undone: nothing is left to interrupt.
    for number in (*_SIGNALS, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(code)


def _stop(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    _interrupt(number, frame)


def _interrupt(_: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt; where none may be raised, see a little later.

    A native module that is being loaded aborts the process; what a `__del__` raises is lost.
    """
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or code.co_filename.startswith("<frozen importlib"):
            signal.setitimer(signal.ITIMER_REAL, _LATER_S)
            return
        frame = frame.f_back
    raise KeyboardInterrupt


def _hide_passwords() -> None:
    """Take the passwords of DSNs in the arguments out of what `ps` shows of this process."""
    from timingctl.postgres.dsn import redacted

    shown = [redacted(argument) for argument in sys.argv]
    if shown != sys.argv:
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
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except TimingctlError as error:
            click.echo(f"Error: {visible(str(error))}", err=True)
            return error.exit_code
        except click.Abort:
            raise KeyboardInterrupt from None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the last flush
            click.echo("Error: No space left where the output goes.", err=True)
            return SettingsError.exit_code
    except BrokenPipeError:  # nobody reads the sentences above any more
        from timingctl.cli.command import closed_pipe

        return closed_pipe()
    except KeyboardInterrupt:
        print("Interrupted; no partial file was left.", file=sys.stderr)
        # CPython marks the process to die by SIGINT once an interrupt leaves a string's exec (as
        # dataclasses use while modules load); running another such string clears the mark.
        exec("")  # noqa: S102
        return 128 + (_received[0] if _received else signal.SIGINT)  # as shells report it


if __name__ == "__main__":
    main()
