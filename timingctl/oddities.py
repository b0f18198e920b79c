"""What is odd about exports though each row is usable: references that lead nowhere, cut instants.

Nothing here changes an event: these are notes for the user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.sql_text import sql_text

if TYPE_CHECKING:
    from timingctl.warehouse import Relations

#: What names what, as the files lost_….sql of sql/checks have it.
_REFERENCES = (
    *("message_draft", "job_draft", "job_message", "draft_message"),
    *("lead_campaign", "message_lead"),
)

#: From how many inbound messages on a share is no chance, and which share that is; below, which.
_MANY, _SHARE, _SHARE_OF_FEW = 100, 0.2, 0.5
#: Of few messages one outbound in so many must be tied.
_FEW_TIED = 5
#: The coarsest first: what instants are cut to, and how the note calls that.
_UNITS = {"days": "at midnight", "minutes": "on a whole minute", "seconds": "on a whole second"}
#: How programs rewrite ids that are whole numbers, and what shows it.
_RESHAPED = {
    "with a fraction": (r"\d+\.0+", "."),
    "with separators": (r"\d{1,3}(,\d{3})*", ","),
}
#: Of these references the rejects tell; only another spelling is news.
_REJECTED = "Messages name a lead that Lead lacks"


def oddities(warehouse: Relations) -> list[str]:
    """What is odd about references and instants; the relations of events are made."""
    odd = [
        f"{kind}: {count:,}, such as {example}."
        for kind, count, example in warehouse.violations("odd_reference")
    ]
    return odd + lost_references(warehouse) + reshaped_ids(warehouse) + coarse_instants(warehouse)


def lost_references(warehouse: Relations) -> list[str]:
    """A sentence on each kind of reference that leads nowhere, and on ids in another spelling."""
    columns = ("kind", "lacking", "id", "referencedId")
    queries = [sql_text("checks", f"lost_{reference}") for reference in _REFERENCES]
    warehouse.gather("lost_reference", columns, queries)
    lost = warehouse.execute(
        "select kind, lacking, count(distinct id), min(id), arg_min(referencedId, id) "
        "from lost_reference group by kind, lacking order by kind"
    )
    near = {}
    if lost:
        near = {kind: words for kind, *words in warehouse.violations("near_reference")}
    said = []
    for kind, lacking, count, example, reference in lost:
        hint = ""
        if kind in near:
            named, other = near[kind]
            hint = (
                f" {lacking} has {other!r} where {named!r} is named; "
                "ids must be spelt alike: export both in the same way."
            )
        if hint or kind != _REJECTED:
            said.append(f"{kind}: {count:,}, such as {reference!r} of {example}.{hint}")
    warehouse.drop("lost_reference")
    return said


def reshaped_ids(warehouse: Relations) -> list[str]:
    """A sentence where all ids of messages are numbers as programs rewrite them: 17.0, 1,017.

    They join alike, but the delay that is chosen for a message comes from its id.
    """
    for how, (shape, mark) in _RESHAPED.items():
        others = f"select 1 from message where not regexp_full_match(id, '{shape}') limit 1"
        if warehouse.execute(others):  # as a rule the first row tells
            continue
        marked = f"select min(id) from message where contains(id, '{mark}')"
        [(example,)] = warehouse.execute(marked)
        if example is not None:
            return [
                f"Message.id: all ids are numbers {how}, such as {example!r}; a program may have "
                "rewritten them. Chosen delays come from ids: of other ids they are others."
            ]
    return []


def coarse_instants(warehouse: Relations) -> list[str]:
    """A sentence where instants were cut on their way, with how many answers are lost by that."""
    [(inbounds, *counts)] = warehouse.violations("coarse_instant")
    for (unit, where), count in zip(_UNITS.items(), counts, strict=True):
        many = inbounds >= _MANY
        if not count or count < inbounds * (_SHARE if many else _SHARE_OF_FEW):
            continue
        [(outbounds, ties, example)] = warehouse.violations("tied_outbound")
        tells = ties > 0 or unit != "seconds"  # whole seconds are common
        if not many:  # as is a small made-up inbox on the minute
            tells = ties > 0 and ties * _FEW_TIED >= outbounds
        if not tells:
            return []
        tied = f", such as {example}" if ties else ""
        return [
            f"Message.sentAt: {count:,} of {inbounds:,} inbound messages were sent {where}; "
            f"a program may have cut the {'time' if unit == 'days' else 'rest'}. "
            f"Outbound messages at the instant of an inbound of their thread, which answer "
            f"nothing: {ties:,}{tied}."
        ]
    return []
