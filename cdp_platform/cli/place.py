"""Which company and which home a command works on."""

import os
from pathlib import Path

from rich.console import Console

from cdp_platform.company import Company, company_folder, load_company
from cdp_platform.shared.home import Home, home
from cdp_platform.shared.mistakes import ConfigMistakes

console = Console()
errors = Console(stderr=True)


def place(defs: Path | None, folder: Path | None) -> tuple[Company, Home] | None:
    """Company and home; None after printing the mistakes of the configuration.

    Both are also put into the environment: definitions, dbt and child processes find them there.
    """
    chosen = company_folder(defs)
    os.environ["CDP_DEFS"] = str(chosen)
    here = home(folder).create()
    os.environ["CDP_HOME"] = str(here.folder)
    try:
        return load_company(chosen), here
    except ConfigMistakes as wrong:
        print_mistakes(wrong)
        return None


def print_mistakes(wrong: ConfigMistakes) -> None:
    """One line a mistake, paths relative to where the user stands."""
    for mistake in wrong.mistakes:
        try:
            shown = mistake.file.relative_to(Path.cwd())
        except ValueError:
            shown = mistake.file
        errors.print(f"[bold red]{shown}:{mistake.line}[/]", end=": ", highlight=False, soft_wrap=True)
        errors.print(str(mistake).split(f":{mistake.line}: ", 1)[1], markup=False, highlight=False, soft_wrap=True)
    count = len(wrong.mistakes)
    errors.print(f"{count} mistake{'s' * (count > 1)} in the configuration.", style="bold")
