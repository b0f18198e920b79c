"""Links to the app: a template with the ids of a row in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from timingctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACES = ("leadId", "messageId", "clientId", "channel")
_PLACE = re.compile(r"\{([^{}]*)\}")


def link_template(given: str) -> str:
    """A template, of which every place in braces is one of PLACES."""
    strange = [name for name in _PLACE.findall(given) if name not in PLACES]
    if strange:
        known = ", ".join(f"{{{name}}}" for name in PLACES)
        raise UsageError(f"--link has {{{strange[0]}}}; a link can have {known}.")
    return given


def link(template: str, row: Mapping[str, object]) -> str:
    """The link of a row; an id is written so that it is one part of a URL."""
    return _PLACE.sub(lambda found: quote(str(row[found[1]] or ""), safe=""), template)
