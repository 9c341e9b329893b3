"""What a user may write about segments."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from cdp_platform.segments.conditions.groups import AnyCondition
from cdp_platform.shared.config import Config, Name, Problem

if TYPE_CHECKING:
    from cdp_platform.company import Company

RESERVED = ("memberships", "history", "sizes", "moves", "features")
"""Tables of the room: a segment is queried beside them, as segments.<name>."""


class Segment(Config):
    """A group of customers for whom a condition holds."""

    name: Name = Field(description="Name of the segment, its asset and its view: `segments.<name>`.")
    about: str = Field(default="", description="What the segment is for, in a sentence.")
    owner: str | None = Field(
        default=None,
        pattern=r"^(team:[\w-]+|[^@\s]+@[^@\s]+)$",
        description="Who looks after it: `team:crm` or an e-mail address. The company's owner when left out.",
    )
    where: AnyCondition = Field(description="The condition; usually a group: `all:`, `any:` or `none:`.")

    @field_validator("name")
    @classmethod
    def _is_free(cls, name: str) -> str:
        if name in RESERVED:
            raise ValueError(f"'{name}' is a table of the room; a segment takes another name")
        return name


class SegmentsConfig(Config):
    """Segments: who belongs to which group today, and why."""

    segments: list[Segment] = Field(default=[], description="The segments.")

    def names(self) -> tuple[str, ...]:
        """The names of all segments."""
        return tuple(s.name for s in self.segments)

    def segment(self, name: str) -> Segment:
        """The segment of that name. Raises KeyError with the known names."""
        for segment in self.segments:
            if segment.name == name:
                return segment
        raise KeyError(f"no segment is called {name!r}; there are {', '.join(self.names()) or 'none'}")


def problems(config: SegmentsConfig, company: "Company") -> Iterator[Problem]:
    """Names that stand for nothing, values that do not fit their field, segments that lead back to themselves."""
    from cdp_platform.segments.problems import of_segments

    yield from of_segments(config, company)
