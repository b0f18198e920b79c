"""What effects are computed from: an inbox's own tables, and what sql/effects makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from timingctl.delay_windows import recorded_windows
from timingctl.effects.bookings import Responses
from timingctl.effects.delay import Units, steps_of
from timingctl.effects.waits import Waits
from timingctl.errors import InputError
from timingctl.events import import_events, inbox_of
from timingctl.inboxes.windows import make_message_window
from timingctl.relations import in_order, inputs
from timingctl.reports.inbox_tables import (
    take_bookings,
    take_campaigns,
    take_derived,
    take_messages,
    tells_bookings,
)
from timingctl.reports.prefixes import resolved
from timingctl.reports.sources import EXPORT_RELATIONS
from timingctl.reports.window import check_zone, window_of
from timingctl.schemas import EVENT_FILE, LEAD

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from timingctl.effects.delay import Steps
    from timingctl.effects.document import Jobs
    from timingctl.effects.options import EffectsOptions
    from timingctl.exports.export import Export
    from timingctl.inboxes.read import Inbox
    from timingctl.reports.window import Window
    from timingctl.warehouse import Warehouse

FOLDER = "effects"
#: What sections ask of sql/effects; what these are made from is made for them, in order.
ASKED = {
    "delay": ("delay_order", "delay_unit", "verdict_count", "job_count"),
    "waits": ("placed_wait",),
    "bookings": ("response_lead",),
}
#: The relations of a build's phases that sql/effects reads.
OF_BUILD = (EXPORT_RELATIONS[0], ("staging", "known_channel"))


#: What more than one section reads.
_KEPT = {"followed_lead"}


def _read_by(relations: Iterable[str]) -> set[str]:
    files = inputs(FOLDER)
    return {name for relation in relations for name in (relation, *files[relation])}


@dataclass
class Taken:
    """An inbox whose tables are views of the session, and what is asked of it."""

    warehouse: Warehouse
    inbox: Inbox
    window: Window
    params: dict[str, object]
    has_bookings: bool
    _made: set[str] = field(default_factory=set)

    def make_windows(self) -> None:
        """Make ``message_window``: which delay window with room was in force at each inbound."""
        windows = recorded_windows(self.warehouse, self.inbox.windows)
        make_message_window(self.warehouse, windows, with_room=True)
        self._made.add("message_window")

    def make_for(self, section: str) -> None:
        """Make what the section's queries read."""
        asked = ASKED[section]
        made = [one for one in in_order(FOLDER, *asked, there=self._made) if one[1] not in asked]
        for place, (folder, relation) in enumerate(made):
            self.warehouse.create(relation, folder, self.params)
            self._made.add(relation)
            self._drop({*_KEPT, *_read_by([*(name for _, name in made[place + 1 :]), *asked])})

    def _drop(self, kept: set[str]) -> None:
        """Drop what is not read any more: at each step so much memory is for the next."""
        for relation in sorted(self._made - kept):
            self.warehouse.execute(f"drop table {relation}")
            self._made.remove(relation)

    def leave(self) -> None:
        """Drop what a section was computed from, but for what others read, too."""
        self._drop(_KEPT)

    def columns(self, relation: str) -> dict[str, npt.NDArray[Any]]:
        """The columns of a query of sql/effects as arrays, in its order."""
        frame = self.warehouse.select(relation, FOLDER, self.params)
        return {name: frame[name].to_numpy() for name in frame.columns}

    def names(self, number: str, name: str, relation: str) -> dict[int, str]:
        """What small numbers stand for."""
        rows = self.warehouse.execute(f"select distinct {number}, {name} from {relation}")
        return {int(one): str(text) for one, text in rows if one is not None}


def take(warehouse: Warehouse, options: EffectsOptions, export: Export) -> Taken:
    """Make views of an inbox's tables, and who its leads are.

    Raises InputError for what is no inbox, and for the beginning of an id that several have.
    """
    inbox = inbox_of(warehouse, export)
    if inbox is None:
        raise InputError(
            f"{export.label} is a file of events, and effects need an inbox: `timingctl build "
            "EXPORTS -o inbox.duckdb` makes one. Give that, or the exports."
        )
    warehouse.only_these_files([export.path])
    check_zone(warehouse, options.zone)
    window = window_of(warehouse, options, inbox.as_of)
    import_events(warehouse, EVENT_FILE, export, optional=["createdAt"], kept=False)
    clients = [resolved(warehouse, "clientId", "client", c) or c for c in options.clients]
    has_bookings = tells_bookings(inbox)
    take_derived(warehouse, export)
    take_messages(warehouse, export)
    take_campaigns(warehouse, export)
    take_bookings(warehouse, export, told=has_bookings)
    leads = {"lead_given": LEAD.name in inbox.tables, "client": inbox.options["client"]}
    for folder, relation in OF_BUILD:
        warehouse.create(relation, folder, leads)
    params: dict[str, object] = {
        "as_of": _naive(inbox.as_of),
        **window.params,
        "clients": clients or None,
        "channels": list(options.channels) or None,
        "zone": options.zone,
        "outcome": options.outcome,
        "follow_days": options.follow_days,
        "reply_days": options.reply_days,
    }
    return Taken(warehouse, inbox, window, params, has_bookings)


def _naive(instant: Any) -> object:
    return None if instant is None else instant.replace(tzinfo=None)


def delay_inputs(taken: Taken) -> tuple[Units, Steps, dict[str, int], Jobs]:
    """Leads with an eligible inbound, the steps of their delays, leads by verdict, and jobs."""
    taken.make_windows()
    taken.make_for("delay")
    steps = steps_of(**taken.columns("delay_order"))
    verdicts = taken.columns("verdict_count")
    counts = {str(name): int(n) for name, n in zip(*verdicts.values(), strict=True)}
    found = taken.columns("delay_unit")
    units = Units(
        at=found["sentUs"],
        low=found["minSeconds"],
        high=found["maxSeconds"],
        delay=found["chosenSeconds"],
        stratum=found["stratumNumber"],
        channel=found["channelNumber"],
        earlier=found["earlierMessages"],
        waited=found["waitedMs"],
        quarter=found["quarter"],
        weekday=found["weekday"],
        untimed=found["isUntimed"],
        happened=found["hasHappened"],
        before=found["isBefore"],
        analysed=found["isAnalysed"],
    )
    told = {name: int(column[0]) for name, column in taken.columns("job_count").items()}
    jobs: Jobs = {"inbounds": told["inbounds"], "withJob": told["withJob"], "match": told["match"]}
    return units, steps, counts, jobs


def wait_inputs(taken: Taken) -> tuple[Waits, dict[int, str], dict[int, str]]:
    """Waits, and what their numbers of channels and clients stand for."""
    taken.make_for("waits")
    lengths = taken.warehouse.frame("select waitMs from wait_length order by lengthPlace")
    found = taken.columns("placed_wait")
    waits = Waits(
        lead=found["leadPlace"],
        channel=found["channelNumber"],
        client=found["clientNumber"],
        windowed=found["hasWindow"],
        end=found["cause"],
        place=found["lengthPlace"],
        length=lengths["waitMs"].to_numpy(),
    )
    channels = taken.names("channelNumber", "channel", "known_channel")
    return waits, channels, taken.names("clientNumber", "clientId", "known_lead")


def booking_inputs(taken: Taken) -> Responses:
    """Leads with a response, and what is known of them since."""
    taken.make_for("bookings")
    found = taken.columns("response_lead")
    return Responses(
        first=found["firstMs"],
        before=found["isBefore"],
        untimed=found["isUntimed"],
        happened=found["hasHappened"],
        followed=found["followedUs"],
    )
