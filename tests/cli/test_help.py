"""Help: what it says of every command, in which form."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import click
import pytest

from tests.bad_input.tool import timingctl
from timingctl.cli import cli
from timingctl.cli.command import EXIT_CODES, GROUPS, Command

COMMANDS: dict[str, Command] = {
    name: command for name, command in cli.commands.items() if isinstance(command, Command)
}


def test_every_command_is_one_of_ours() -> None:
    assert COMMANDS.keys() == cli.commands.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command(name: str) -> None:
    command = COMMANDS[name]
    done = timingctl(name, "--help")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 80
    at = lines.index("Examples:")
    count = len(command.examples)
    assert count > 0
    assert lines[at + 1 : at + 1 + count] == [f"  {example}" for example in command.examples]
    assert all(re.match(r"timingctl \w+", example) for example in command.examples)
    assert any(line.startswith("Exit codes: 0 fine, ") for line in lines)
    assert set(command.exit_codes) <= EXIT_CODES.keys()
    assert bool(command.found) == (1 in command.exit_codes)
    assert not command.found or f", 1 {command.found}, 2 " in " ".join(lines)
    headings = [line[:-1] for line in lines if line[:-1] in GROUPS]
    assert headings == [group for group in GROUPS if group in headings]
    assert headings[-1] == "General"
    if any(option.allow_from_autoenv for option in command.options):
        assert lines[-1].startswith("Environment: ")
        assert f"TIMINGCTL_{name.upper()}_<OPTION>" in lines[-1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_group_a_help_and_a_name_of_its_own(name: str) -> None:
    for option in COMMANDS[name].options:
        assert option.group in GROUPS
        assert option.help
        assert option.long.replace("-", "_") == option.name or option.is_switch


def test_a_command_gets_a_dataclass_of_its_parameters() -> None:
    @dataclasses.dataclass(frozen=True)
    class _Nothing:
        pass

    seen: list[_Nothing] = []
    command = Command("nothing", _Nothing, seen.append, ["timingctl nothing"], [0])
    command.main([], standalone_mode=False)
    assert seen == [_Nothing()]


def test_the_group_has_a_line_a_command_and_all_exit_codes() -> None:
    done = timingctl("--help")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 80
    at = lines.index("Commands:")
    told = [line.split()[0] for line in lines[at + 1 : at + 1 + len(COMMANDS)]]
    assert told == list(COMMANDS)
    assert lines[at + 1 + len(COMMANDS)] == ""
    assert "..." not in done.out[done.out.index("Commands:") :]
    told = [line.split()[0] for line in lines[lines.index("Exit codes:") + 1 :][: len(EXIT_CODES)]]
    assert told == [str(code) for code in EXIT_CODES]


def test_help_is_a_command_too() -> None:
    assert timingctl("help").out == timingctl("--help").out
    assert timingctl("help", "report").out == timingctl("report", "--help").out
    done = timingctl("help", "reprot")
    assert (done.code, done.out) == (2, "")
    assert "No such command 'reprot'. Did you mean 'report'?" in done.err


def test_help_stands_above_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("timingctl.toml").write_text("[")
    said = timingctl("report", "--help").out
    assert timingctl("report", "--help", TIMINGCTL_FROMAT="csv").out == said
    assert timingctl("help", "report", TIMINGCTL_FROMAT="csv").out == said
    assert timingctl("--version").out.startswith("timingctl, version ")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_what_deletes_or_rewrites_has_no_variable(command: Command) -> None:
    dangerous = {"prune", "mirror", "update", "create", "push"}
    typed = {option.long for option in command.options if option.typed_only}
    assert typed == dangerous & {option.long for option in command.options}
    for option in command.options:
        assert not (option.typed_only and option.allow_from_autoenv)
    assert isinstance(command, click.Command)
