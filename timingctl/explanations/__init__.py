"""The story of one message, told from the relations that a build makes of the same exports.

Nothing is decided here anew: the event is the build's own, and what is said of anchors, turns,
drafts and jobs is read from the relations that it was made of. See docs/explain.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from timingctl.errors import InputError
from timingctl.explanations import facts, story
from timingctl.explanations.narrowed import can_be_narrowed, message_of, narrowed
from timingctl.exports.source import opened
from timingctl.options import SourceOptions
from timingctl.pipeline import relate
from timingctl.progress import Silence

if TYPE_CHECKING:
    from timingctl.explanations.document import Story
    from timingctl.exports.source import Source
    from timingctl.pipeline import Related
    from timingctl.progress import Progress


@dataclass(frozen=True)
class ExplainOptions(SourceOptions):
    """What is asked: a message's id, and how many messages to show before and after it.

    Whoever asks about a message may ask because it was rejected: a table may lose all. Extras are
    read, because what became of a job and who sent a message may stand there.
    """

    extras: bool = True
    allow_rejects: bool = True
    named: str = ""
    message: str = ""
    context: int = 5


@dataclass(frozen=True, repr=False)
class Explanation:
    """The story as a JSON document, and what the user should know of the exports."""

    document: Story
    notes: list[str]

    def __repr__(self) -> str:
        return f"Explanation({self.document['messageId']!r})"


def explain(options: ExplainOptions, progress: Progress | None = None) -> Explanation:
    """Tell the story of a message.

    Raises InputError for exports that cannot be used, or that have no message of the id.
    """
    progress = progress or Silence()
    with opened(options) as source:
        if can_be_narrowed(source) and (found := message_of(source, options.message)):
            whole, lead = found
            options = replace(options, message=whole)
            source = narrowed(source, lead)  # noqa: PLW2901 - what is opened is its session
        related = relate(source, progress)
        progress.step("Explaining")
        return told(source, related, options)


def told(source: Source, related: Related, options: ExplainOptions) -> Explanation:
    """Tell the story of a message of exports that have been related; makes relations of its own.

    Raises InputError when they have no message of the id.
    """
    intake = facts.intake(source, options.message)
    if not intake.rows and (whole := facts.message_starting(source.warehouse, options.message)):
        options = replace(options, message=whole)
        intake = facts.intake(source, whole)
    if not intake.rows:
        if facts.is_lead(source.warehouse, options.message):
            raise InputError(story.lead(options))
        near = facts.near_messages(source.warehouse, options.message)
        raise InputError(story.unknown(options.message, near))
    known = facts.gather(source, options.message, related.windows)
    settled = options.settled(source.built_with)
    return Explanation(story.story(settled, intake, known), related.intake.notes)
