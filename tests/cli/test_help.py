"""`--help` teaches: each command says what it does, with which exit codes, and where to begin."""

import pytest
from typer.testing import CliRunner

from cdp_platform.cli import app
from cdp_platform.cli.docs import CONFIGURATION, CONTRACTS, configuration, contracts

TEACHES = {
    (): ("cdp run", "cdp check --defs", "query", "status", "sync"),
    ("run",): ("+identity/customer_ids", "--full", "Exit code 0", "CDP_HOME", "CDP_DEFS"),
    ("query",): ("show all tables", "also while a run is going", "csv"),
    ("check",): ("every mistake at once", "Exit code 0", "2"),
    ("status",): ("Exit code 0", "1 when a check fails", "3 when nothing is published"),
    ("dev",): ("Dagster UI", "--port"),
    ("docs",): ("docs/configuration.md", "docs/data-contracts.md"),
    ("sync",): ("list", "preview", "approve"),
    ("sync", "list"): ("how its last run ended",),
    ("sync", "preview"): ("without sending anything", "--reveal"),
    ("sync", "approve"): ("cdp sync list", "--by"),
}


@pytest.mark.parametrize("command", TEACHES, ids=" ".join)
def test_help_says_what_to_do(command: tuple[str, ...]):
    done = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "300", "NO_COLOR": "1"})

    assert done.exit_code == 0
    for words in TEACHES[command]:
        assert words in " ".join(done.output.replace("│", " ").split()), words


def test_every_command_is_among_them():
    groups = {group.name: group.typer_instance for group in app.registered_groups if group.typer_instance}
    commands = {(_name(command),) for command in app.registered_commands} | {(name,) for name in groups if name}
    commands |= {(name, _name(each)) for name, group in groups.items() if name for each in group.registered_commands}

    assert commands | {()} == set(TEACHES)


def test_the_written_reference_is_that_of_the_code():
    assert CONFIGURATION.read_text(encoding="utf-8") == configuration(), "run `make docs`"
    assert CONTRACTS.read_text(encoding="utf-8") == contracts(), "run `make docs`"


def _name(command) -> str:
    return command.name or command.callback.__name__
