"""Arguments from Python as the options take them: what is the same for several functions.

Each function takes what was given, null where nothing was, and raises UsageError with a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from timingctl import arguments
from timingctl.buckets.places import as_written
from timingctl.clocks import hours, said_times
from timingctl.clocks.hours import BusinessHours
from timingctl.clocks.said_times import SaidTime
from timingctl.errors import UsageError
from timingctl.warehouse import Resources

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    #: Names of tables, each with a pattern of its files, or several.
    Tables: TypeAlias = Mapping[str, str | Path | Sequence[str | Path]]


def resources(
    threads: int | None, memory_limit: str | None, temp_dir: str | Path | None
) -> Resources:
    """What a session may use."""
    return Resources(
        arguments.number("threads", threads, 1),
        memory_limit,
        None if temp_dir is None else arguments.place(temp_dir),
    )


def local_file(given: str | Path | None) -> Path | None:
    """A file to read that cannot be in a bucket."""
    return None if given is None else arguments.local_file(given)


def place(given: str | Path | None) -> Path | None:
    """A file or folder to write to, which cannot be in a bucket either."""
    return None if given is None else arguments.place(given)


def near(bring: Callable[[str | Path], str | Path], given: str | Path | None) -> Path | None:
    """A path of something that may be in a bucket, and is brought here then."""
    return None if given is None else Path(bring(given))


def moment(given: datetime | SaidTime | str | None) -> datetime | SaidTime | None:
    """An instant, or a time in words."""
    return given if given is None or isinstance(given, SaidTime) else said_times.moment(given)


def instant(given: datetime | str | None) -> datetime | None:
    """An instant, in UTC."""
    return None if given is None else arguments.instant(given)


def several(name: str, given: str | Sequence[str]) -> list[str]:
    """One or several texts, as a list."""
    each = [given] if isinstance(given, str) or not isinstance(given, Iterable) else given
    return [arguments.text_of(name, one) for one in each]


def words(name: str, given: str | Sequence[str], known: Collection[str]) -> list[str]:
    """One or several of the known words, as a list."""
    return [arguments.one_of(name, one, known) for one in several(name, given)]


def client(given: str | None) -> str | None:
    """Whose all exports are."""
    return None if given is None else arguments.text_of("client", given)


def tables(given: Tables | None) -> dict[str, list[str]]:
    """The patterns of each table that is named."""
    each = {
        name: [found] if isinstance(found, str | Path) else found
        for name, found in (given or {}).items()
    }
    return {name: [as_written(one) for one in patterns] for name, patterns in each.items()}


def setter_rule(given: str | None) -> str | None:
    """The rule by which a setter's response is told."""
    return given and arguments.one_of("setter_rule", given, arguments.SETTER_RULES)


def delay_windows(given: str | Path | None) -> Path | Literal["infer", "current"] | None:
    """Where delay windows come from: a word, or the file of a history."""
    match given:
        case "infer" | "current" | None:
            return given
        case file:
            return arguments.local_file(file)


def days(name: str, given: int | None) -> int | None:
    """A number of days."""
    return arguments.number(name, given, 0, arguments.MOST_DAYS)


def business_hours(given: str | BusinessHours | None) -> BusinessHours | None:
    """Opening hours."""
    if given is None or isinstance(given, BusinessHours):
        return given
    try:
        return hours.business_hours(given)
    except ValueError as error:
        raise UsageError(f"{error}.") from None
