"""Doing something again and again, until somebody stops it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import click

from timingctl.errors import TimingctlError, visible
from timingctl.scratch import seconds
from timingctl.stop import Stopped, check, waking

if TYPE_CHECKING:
    from collections.abc import Callable


def repeated(once: Callable[[], None], pause: str | None) -> None:
    """Do it once, or with a pause again and again, until a signal ends that, which is no failure.

    The first time has to succeed. What fails later is told, and tried again after the pause: a
    database that is away, exports that are being written, a file that another run has replaced.
    """
    once()
    if pause is None:
        return
    try:
        while True:
            _wait(seconds(pause) or 0)
            try:
                once()
            except TimingctlError as error:
                click.echo(f"Error: {visible(str(error))} Trying again in {pause}.", err=True)
    except Stopped:
        return


def _wait(pause: float) -> None:
    """Wait so many seconds; raises Stopped when a stop is asked for meanwhile."""
    over = threading.Event()
    with waking(over.set):
        over.wait(pause)
    check()
