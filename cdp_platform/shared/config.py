"""What every hand-written configuration has in common."""

from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A name that is also a table, column or asset name: lower case, digits, underscores."""

EnvironmentVariable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
"""The name of the variable that holds a secret; the value is read when it is used and stored nowhere."""


class Config(BaseModel):
    """Configuration that refuses keys it does not know and cannot change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(NamedTuple):
    """A mistake that only the whole company shows, such as a segment that names an unknown field.

    `path` leads from a room's attributes to the value: ("segments", 2, "where", "field").
    """

    path: tuple[str | int, ...]
    message: str
    value: Any = None
    allowed: tuple[str, ...] = ()
