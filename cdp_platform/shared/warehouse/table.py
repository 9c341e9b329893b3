"""What a table promises: the contract between the room that makes it and those who read it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """One table. `columns` maps each name to what it holds; types are the warehouse's own."""

    name: str
    about: str
    columns: dict[str, str] = field(default_factory=dict[str, str])
    key: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    """Columns that hold a person's data."""

    @property
    def room(self) -> str:
        """The schema, which is also the room."""
        return self.name.split(".")[0]

    @property
    def short(self) -> str:
        """The name within its schema."""
        return self.name.split(".")[1]
