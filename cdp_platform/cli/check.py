"""`cdp check`."""

from pathlib import Path

from cdp_platform.cli.place import console, print_mistakes
from cdp_platform.company import company_folder, load_company
from cdp_platform.shared.mistakes import ConfigMistakes


def check(defs: Path | None) -> int:
    """0 when the configuration is right, 2 after printing every mistake."""
    folder = company_folder(defs)
    try:
        company = load_company(folder)
    except ConfigMistakes as wrong:
        print_mistakes(wrong)
        return 2
    console.print(
        f"[green]{company.settings.name}[/]: {len(company.sources.sources)} sources, "
        f"{len(company.segments.segments)} segments, {len(company.destinations.syncs)} syncs, no mistakes."
    )
    return 0
