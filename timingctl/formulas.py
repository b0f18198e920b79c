"""Text that a spreadsheet would take for a formula, made plain text: what --csv-safe does.

A spreadsheet runs a cell that starts with ``=``, ``+``, ``-`` or ``@``, also in their full-width
forms or after a tab or a line end (OWASP, "CSV Injection"), and shows one that starts with an
apostrophe as text, without it. Text that starts with an apostrophe gets another one: so who takes
one apostrophe off every text that has it gets the values back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

_FORMULA = r"^['=+\-@\t\r\n＝＋－＠]"


def harmless(value: Any) -> Any:
    """The value; text that starts like a formula with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and re.match(_FORMULA, value) else value


def harmless_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame, with an apostrophe before every text that starts like a formula."""
    import polars as pl

    return frame.with_columns(pl.selectors.string().str.replace(_FORMULA, "'$0"))
