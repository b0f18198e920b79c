"""Completion in shells: click's, with paths after an equals sign, and no blank where more follows.

click's own scripts for bash and zsh put a blank behind every word, though a path follows
``Message=``, and do not know that bash parts words at ``=`` and ``:``. See docs/completion.md.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from timingctl.errors import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Where bash parts a word, besides blanks.
_BREAKS = "=:"

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' kind value
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
            plain) COMPREPLY+=("$value")
                   [[ $value == *[=:] ]] && compopt -o nospace ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
%(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a words_alone words_told response
    local kind value told
    response=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
%(complete_var)s=zsh_complete %(prog_name)s 2>/dev/null)}")
    for kind value told in $response; do
        case $kind in
            file|dir)
                # What stands before the path in this word, as Message= does, is done.
                [[ $PREFIX == *"$value" ]] && compset -p $(( $#PREFIX - $#value ))
                if [[ $kind == dir ]]; then _files -/; else _files; fi ;;
            plain)
                if [[ $value == *[=:] ]]; then compadd -S '' -- "$value"
                elif [[ $told == _ ]]; then words_alone+=("$value")
                else words_told+=("$value:$told"); fi ;;
        esac
    done
    (( $#words_told )) && _describe -V option words_told
    if (( $#words_alone )); then
        [[ $PREFIX == --*=* ]] && compset -P '*='
        compadd -V words -a words_alone
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


def check(instruction: str) -> None:
    """Raise click's UsageError for a shell that cannot complete."""
    shell = instruction.partition("_")[0]
    if get_completion_class(shell) is None:
        raise click.UsageError(
            f"There is no completion for {visible(shell)}; see docs/completion.md."
        )


@add_completion_class
class Bash(BashComplete):
    """As click does, with words that bash has parted put together again."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """What stands before the word at the cursor, and that word."""
        at = int(os.environ["COMP_CWORD"])
        parts = os.environ["COMP_WORDS"].split("\n")[1 : at + 1]
        *before, incomplete = _joined(parts)
        return [word for part in before for word in split_arg_string(part)], "".join(
            split_arg_string(incomplete)
        )

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """As click does; bash replaces only what follows the last of its breaks."""
        found = super().get_completions(args, incomplete)
        value = incomplete.partition("=")[2] if incomplete.startswith("--") else incomplete
        known = max(value.rfind(sign) for sign in _BREAKS) + 1
        for item in found:
            item.value = item.value[known:] if item.type == "plain" else item.value
        return [item for item in found if item.value or item.type != "plain"]


@add_completion_class
class Zsh(ZshComplete):
    """As click does, with a script that knows what may follow a word."""

    source_template = _ZSH


def _joined(parts: Iterable[str]) -> list[str]:
    """The words that were parted at _BREAKS: Message, =, fix are Message=fix."""
    words: list[str] = []
    open_end = False
    for part in parts:
        is_break = bool(part) and not part.strip(_BREAKS)
        if words and (is_break or open_end):
            words[-1] += part
        else:
            words.append(part)
        open_end = is_break
    return words
