"""A progress bar over the steps of a run."""

from collections.abc import Generator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from cdp_platform.cli.place import console
from cdp_platform.shared.progress import Progress, listen


@contextmanager
def progress(steps: int) -> Generator[None]:
    """Show which tables are being made. Where the output is no terminal, one line a step."""
    if not console.is_terminal:
        stop = listen(_print_line)
        try:
            yield
        finally:
            stop()
        return
    columns = [
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    ]
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=steps)

        def show(turn: Progress) -> None:
            if turn.what == "started":
                bar.update(task, description=_short(turn.work))
            elif turn.what == "note":
                bar.update(task, description=f"{_short(turn.work)}: {turn.note}")
            else:
                bar.advance(task)

        stop = listen(show)
        try:
            yield
        finally:
            stop()


def _print_line(turn: Progress) -> None:
    if turn.what in ("finished", "failed"):
        how = "failed" if turn.what == "failed" else "unchanged" if turn.skipped else f"{turn.seconds:.1f} s"
        console.print(f"  {_short(turn.work)}: {how}", highlight=False, soft_wrap=True)


def _short(work: str) -> str:
    names = work.split(", ")
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
