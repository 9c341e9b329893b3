"""Where a company's state lies: one folder, everything under it."""

import os
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
"""The checkout: where dbt/, dagster.yaml and data/ are."""


class Home(NamedTuple):
    """All paths of one home folder."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        """The database that runs write. Never called like one of its schemas: DuckDB would not tell them apart."""
        return self.folder / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """The snapshot that people and syncs read."""
        return self.folder / "published.duckdb"

    @property
    def destinations(self) -> Path:
        """What the syncs did, for readers."""
        return self.folder / "destinations.duckdb"

    @property
    def syncs(self) -> Path:
        """One state file per sync."""
        return self.folder / "syncs"

    @property
    def control(self) -> Path:
        """What people decided: the small database that no run rebuilds."""
        return self.folder / "control.sqlite"

    @property
    def dagster(self) -> Path:
        """Runs and events of Dagster."""
        return self.folder / ".dagster"

    @property
    def alerts(self) -> Path:
        """Every alert that was sent, one JSON line each."""
        return self.folder / "alerts.jsonl"

    def create(self) -> "Home":
        """Make the folder and return itself."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self


def home(folder: str | os.PathLike[str] | None = None) -> Home:
    """The home named by the argument, by CDP_HOME, or `data` in the project."""
    chosen = folder or os.environ.get("CDP_HOME") or PROJECT / "data"
    return Home(Path(chosen).resolve())
