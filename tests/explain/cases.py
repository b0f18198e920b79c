"""Small exports and the stories that are told of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.explain.test_agreement import explaining
from tests.tables import with_history, write_exports
from timingctl import sql_text
from timingctl.explanations import ExplainOptions, explain
from timingctl.options import SourceOptions

Tables = dict[str, str | None]

THREAD = """
    id | sentAt   | direction | sentBy | sentByUserId
    A  | 10:00:00 | in        |        |
    B  | 10:01:00 | in        |        |
    C  | 10:05:12 | out       | ai     |
    D  | 10:30:00 | out       | setter | u1
    E  | 10:40:00 | in        |        |
    F  | 10:41:00 | in        |        |
"""

#: The exports that the latest story was told of, and what tells others of them.
_LATEST: dict[object, Callable[[str], Any]] = {}
_OPENED = ExitStack()
_SQL = sql_text.SQL_FOLDER


def close() -> None:
    """Forget the exports that stories were told of."""
    _OPENED.close()
    _LATEST.clear()


def turn(*lines: str) -> Tables:
    """A table of messages: the inbound A at 10:00, and these lines."""
    head = "id | sentAt | direction | sentBy | sentByUserId | aiDraftId\nA | 10:00:00 | in | | |"
    return {"Message": "\n".join([head, *lines])}


def story(folder: Path, message: str, tables: Tables | None = None, **options: Any) -> Any:
    """The story of a message of THREAD, or of tables; those of before are not related again.

    Unless the tool was changed: its SQL is a copy then.
    """
    given = {"Message": THREAD, **(tables or {})}
    if options.keys() & {"delay_windows", "context"} or sql_text.SQL_FOLDER != _SQL:
        source = write_exports(folder / "exports", given)
        options = with_history(folder, options)
        return explain(ExplainOptions(source, message=message, **options)).document
    key = (tuple(given.items()), tuple(options.items()))
    if key not in _LATEST:
        close()
        source = write_exports(folder / "exports", given)
        asked = SourceOptions(source, allow_rejects=True, **options)
        _LATEST[key] = _OPENED.enter_context(explaining(asked))
    return _LATEST[key](message)
