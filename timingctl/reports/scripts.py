"""What the page's scripts are given: charts, figures to pick, and rights to nothing else."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from timingctl.reports import charts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from timingctl.reports.charts import Chart
    from timingctl.reports.picks import Pick, Picks

Cards = list[tuple[str, str]]


@cache
def asset(name: str) -> str:
    """A file of the package that stands in the page: its style or its own script."""
    return files("timingctl.reports").joinpath(name).read_text(encoding="utf-8")


#: What is markup where it stands in a page, also inside a script's texts.
_MARKUP = re.compile(r"<(?=!--|/?script|svg )", re.IGNORECASE)


@cache
def vega() -> str:
    """The scripts that draw charts; nothing in their texts looks like markup of the page."""
    return _MARKUP.sub(r"\\x3c", charts.bundle())


def policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """A Content-Security-Policy by which only these texts run, and nothing is fetched."""
    allowed = {"style-src": map(_hash, styles), "script-src": map(_hash, scripts)}
    given = "; ".join(f"{name} {' '.join(hashes) or _NONE}" for name, hashes in allowed.items())
    return f"default-src {_NONE}; {given}; base-uri {_NONE}; form-action {_NONE}"


_NONE = "'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def told(drawn: Sequence[Chart], picks: Picks | None, cards: Cards) -> str:
    """All that the scripts are told, as JSON that is only data in HTML."""
    document = {
        "cards": cards,
        "ticks": charts.ticks(),
        "charts": [_chart(one) for one in drawn],
        "strip": charts.strip() if any(one.sketch.is_by_period for one in drawn) else None,
        "picks": _picks(picks, drawn) if picks else {},
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _chart(one: Chart) -> dict[str, Any]:
    sketch, series = one.sketch, one.sketch.series
    dashes = series.dashes if series else ()
    return {
        "key": sketch.key,
        "reading": sketch.reading,
        "byPeriod": sketch.is_by_period,
        "fitted": sketch.is_fitted,
        "series": [
            {"name": name, "colour": colour, "dash": list(dashes[place]) if dashes else []}
            for place, (name, colour) in enumerate(zip(series.names, series.colours, strict=True))
        ]
        if series
        else [],
        "spec": one.live,
    }


def _picks(picks: Picks, drawn: Sequence[Chart]) -> dict[str, Any]:
    """The picks by their places, such as ``0,`` for the first client on all channels."""
    base = {one.sketch.key: one.live for one in drawn if one.sketch.key}
    return {
        ",".join("" if one is None else str(one) for one in place): {
            "cards": pick.headline.cards,
            "charts": _columns(pick, base),
        }
        for place, pick in picks.found.items()
        if place != (None, None)
    }


def _columns(pick: Pick, base: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Of each chart its reading, and the columns of its rows that differ from those of all."""
    return {
        key: {
            "reading": pick.charts[key].reading,
            "columns": _differing(pick.charts[key].rows, charts.rows_of(live)),
        }
        for key, live in base.items()
        if key in pick.charts
    }


#: What tells the rows of a chart apart; the other fields are its figures.
_PLACES = ("who", "which", "period", "within", "ms", "at")


def _differing(
    rows: Sequence[Mapping[str, object]], base: Sequence[Mapping[str, object]]
) -> dict[str, list[object]]:
    places = [name for name in _PLACES if base and name in base[0]]
    if "which" in places:
        places.remove("ms")
    found = {tuple(row[name] for name in places): row for row in rows}
    fitting = [found[tuple(row[name] for name in places)] for row in base]
    return {
        name: [_short(row[name]) for row in fitting]
        for name in (base[0] if base else ())
        if name not in places
    }


def _short(value: object) -> object:
    """A figure as it is drawn, without digits that nobody sees."""
    return round(value, 4) if isinstance(value, float) else value
