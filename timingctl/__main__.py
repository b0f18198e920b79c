"""The process: runs a command and maps what it raises to one sentence and an exit code."""

from __future__ import annotations

import errno
import io
import os
import re
import signal
import sys
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from timingctl import stop

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Above it are the codes of what a signal has ended, as shells report it.
_SIGNALLED = 128
#: A bug of ours, as sysexits.h numbers it.
_BUG = 70
#: Numbers that Polars dies of when they are 0.
_THREADS = re.compile(r"POLARS_\w*(THREADS|THREAD_COUNT)")
_FROM_1_ON = re.compile("0*[1-9][0-9]{0,5}")


def main() -> None:
    """Run the command line; never returns."""
    stop.listen()
    _hide_passwords()
    code = _run()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # full, or nobody reads it: that was told
            stream.flush()
    os._exit(code)  # what libraries or a stop have left must not hold up the end, nor complain


@contextmanager
def _told_if_possible() -> Iterator[None]:
    """Tell on stderr, if it takes anything: where it is full the exit code has to do."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError:
        pass


def _hide_passwords() -> None:
    """Take the passwords of DSNs in the arguments out of what `ps` shows of this process."""
    from timingctl.errors import visible
    from timingctl.scrubbing import scrubbed

    shown = [scrubbed(argument) for argument in sys.argv]
    if shown != sys.argv:
        with suppress(ModuleNotFoundError):  # then the driver is not there either: no run begins
            import setproctitle

            setproctitle.setproctitle(visible(" ".join(["timingctl", *shown[1:]])))


def _is_text(given: str) -> bool:
    """Whether an argument, or a variable for options, is UTF-8 as it has to be from here on."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True


def _run() -> int:
    try:
        try:
            return _told()
        except (stop.Stopped, KeyboardInterrupt):
            raise
        except BrokenPipeError:  # nobody reads the sentences any more
            from timingctl.cli.command import closed_pipe

            return closed_pipe()
        except BaseException as error:
            stop.check()
            return _unexpected(error)
    except (stop.Stopped, KeyboardInterrupt) as end:  # the second before `listen`, or without it
        with _told_if_possible():
            print(f"Interrupted; {str(end) or 'no partial file was left'}.", file=sys.stderr)
        return _SIGNALLED + (stop.asked() or signal.SIGINT)


def _told() -> int:
    """Run the command; say what it raises in a sentence. Returns the exit code."""
    import click

    from timingctl.errors import SettingsError, TimingctlError, visible
    from timingctl.scrubbing import scrubbed

    def said(sentence: str, code: int) -> int:
        with _told_if_possible():
            click.echo(f"Error: {visible(scrubbed(sentence))}", err=True)
        return code

    try:
        _check_environment()
        from timingctl.cli import cli

        return int(cli.main(standalone_mode=False) or 0)
    except SystemExit as end:  # click's, when it has told a shell what to complete
        return int(end.code or 0)
    except click.Abort:
        raise KeyboardInterrupt from None
    except BrokenPipeError:
        raise
    except (click.ClickException, TimingctlError, OSError) as error:
        stop.check()  # what was woken fails, in its own words
        match error:
            case click.ClickException():
                shown = io.StringIO()
                error.show(shown)
                with _told_if_possible():
                    click.echo(scrubbed(shown.getvalue()), err=True, nl=False)
                return error.exit_code
            case TimingctlError():
                return said(str(error), error.exit_code)
        if _is_debugging():
            print(scrubbed(traceback.format_exc()), end="", file=sys.stderr)
        what = f"{error.filename} cannot be used"
        if not error.filename:
            is_full = error.errno in {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
            what = "stdout cannot be written to" if is_full else "A file or folder cannot be used"
        return said(f"{what}: {error.strerror or error}.", SettingsError.exit_code)


def _check_environment() -> None:
    """Refuse what is no text, and what libraries die of while they load.

    A width of nothing is none, as the standard library has it: Rich would print nothing. So is one
    that is no number: Rich dies of some.
    """
    import click

    from timingctl.errors import SettingsError, visible
    from timingctl.scrubbing import scrubbed

    for name in ("COLUMNS", "LINES"):
        if not _FROM_1_ON.fullmatch(os.environ.get(name, "")):
            os.environ.pop(name, None)
    options = (text for name, text in os.environ.items() if name.startswith("TIMINGCTL_"))
    for text in (*sys.argv, *options):
        if not _is_text(text):
            shown = visible(scrubbed(text))
            raise click.UsageError(f"{shown} is no UTF-8; rename it, or write it in UTF-8.")
    for name, text in os.environ.items():
        if _THREADS.fullmatch(name) and not _FROM_1_ON.fullmatch(text):
            raise SettingsError(f"{name} is {text!r}; set it to a number from 1 on, or unset it.")


def _unexpected(error: BaseException) -> int:
    """Say that this is a bug; without --debug not what it was, which may quote what was read."""
    from timingctl.scrubbing import scrubbed

    if _is_debugging():
        print(scrubbed("".join(traceback.format_exception(error))), end="", file=sys.stderr)
        way_out = "Report it with the lines above"
    else:
        way_out = "Run it again as `timingctl --debug ...` and report it with what that prints"
    kind = type(error).__name__
    with _told_if_possible():
        print(f"Error: This is a bug of timingctl ({kind}). {way_out}.", file=sys.stderr)
    return _BUG


def _is_debugging() -> bool:
    return "--debug" in sys.argv or os.environ.get("TIMINGCTL_DEBUG", "0") not in {"", "0"}


if __name__ == "__main__":
    main()
