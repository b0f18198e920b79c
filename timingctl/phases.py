"""The phases of a build in SQL: which relations it makes, in which order, and which are views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timingctl.errors import InputError
from timingctl.oddities import oddities
from timingctl.relations import in_order, tables_behind
from timingctl.schemas import LEAD
from timingctl.staging.distinct import has_ties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timingctl.exports.source import Source
    from timingctl.progress import Progress
    from timingctl.warehouse import Relations

#: Who the leads are, which messages have none and which are tied, which jobs send.
STAGING_RELATIONS = in_order(
    "staging", "known_lead", "orphan_message", "known_channel", "tied_message", "sending_job"
)
#: The relation that is streamed, not stored; and those that it is made from.
EVENT_RELATION = ("events", "event")
EVENT_RELATIONS = in_order(*EVENT_RELATION)[:-1]
#: Relations that are views. A build reads each once, and only the columns that it needs; an
#: explanation also reads the reasons, for one thread or anchor.
VIEWS = (
    *("order_hash", "sending_job", "thread_message"),
    *("draft_part", "ranked_draft", "ranked_job"),
)
#: Views as well, unless memory is limited: whatever reads a table has all of the memory.
ROOMY_VIEWS = ("ai_answer", "answered_anchor")
#: Views of a build that an inbox asks so often that they are tables there.
READ_OFTEN = {"thread_message"}
#: What events are made from. Before it writes them a build drops the rest, most of what it read.
EVENT_INPUTS = (*tables_behind(*EVENT_RELATION, ROOMY_VIEWS), *ROOMY_VIEWS)


def make_staging(source: Source, progress: Progress) -> list[str]:
    """Make STAGING_RELATIONS of the staged tables; returns what the user should know."""
    params = params_of(source) | {"has_ties": has_ties(source.warehouse)}
    make_relations(source, STAGING_RELATIONS, params, progress)
    return client_notes(source)


def client_notes(source: Source) -> list[str]:
    """A sentence on --client where it says nothing."""
    if source.options.client and LEAD in source.exports:
        return ["--client has no effect: the Lead table names the clients."]
    return []


def make_events(source: Source, progress: Progress) -> list[str]:
    """Make EVENT_RELATIONS; returns what is odd about references and instants."""
    make_relations(source, EVENT_RELATIONS, params_of(source), progress)
    progress.step("Checking references")
    return oddities(source.warehouse)


def params_of(source: Source) -> dict[str, object]:
    """The params of sql/staging and sql/events that are known from the start."""
    return {
        "lead_given": LEAD in source.exports,
        "client": source.options.client,
        "since": source.options.since,
        "until": source.options.until,
        "setter_rule": source.options.rule,
    }


def make_relations(
    source: Source,
    relations: Sequence[tuple[str, str]],
    params: dict[str, object],
    progress: Progress,
) -> None:
    """Make relations of sql/, each a folder and a name, in order."""
    views = set(VIEWS if source.options.resources.memory_limit else (*VIEWS, *ROOMY_VIEWS))
    if source.writes_inbox:
        views -= READ_OFTEN
    for folder, relation in relations:
        progress.step(f"Relating {relation.replace('_', ' ')}")
        if relation in views:
            source.warehouse.create_view(relation, folder)
        else:
            source.warehouse.create(relation, folder, params)


def check_clients(warehouse: Relations) -> None:
    """Raise InputError for leads of which no client is known."""
    [(count, example)] = warehouse.execute(
        "select count(*), min(leadId) from known_lead where clientId is null and not isContested"
    )
    if count:
        leads = "1 lead" if count == 1 else f"{count:,} leads"
        raise InputError(
            f"No client for {leads}, such as {example}: add the Lead table, "
            "or a clientId column in Message or BackgroundJob, or build with --client ID."
        )
