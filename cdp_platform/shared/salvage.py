"""What can still be used of a configuration with mistakes, so that one mistake does not hide the next."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import ValidationError

from cdp_platform.shared.config import Config, Problem


class Part(NamedTuple):
    """A configuration, perhaps without the items that were wrong."""

    config: Config
    places: dict[str, list[int]]
    """For each list that lost items: where the ones that are left stand in the file."""

    def in_file(self, problem: Problem) -> Problem:
        """The problem with the path that it has in the file."""
        path = problem.path
        if len(path) > 1 and isinstance(path[1], int) and path[0] in self.places:
            return problem._replace(path=(path[0], self.places[str(path[0])][path[1]], *path[2:]))
        return problem


def usable(model: type[Config], attributes: Any, error: ValidationError) -> Part:
    """What is left of the attributes without the list items and keys that the error complains of."""
    wrong = {tuple(e["loc"][:2]) if len(e["loc"]) > 1 else e["loc"][:1] for e in error.errors(include_url=False)}
    left: dict[str, Any] = {}
    places: dict[str, list[int]] = {}
    for key, value in attributes.items() if isinstance(attributes, dict) else ():
        if isinstance(value, list) and (key,) not in wrong:
            places[key] = [index for index in range(len(value)) if (key, index) not in wrong]
            left[key] = [value[index] for index in places[key]]
        elif not any(place[:1] == (key,) for place in wrong):
            left[key] = value
    try:
        return Part(model.model_validate(left), places)
    except ValidationError:
        return Part(model(), {})


def is_hearsay(problem: Problem, broken: Iterable[str]) -> bool:
    """Whether a problem may be there only because a file with mistakes was not read in full.

    True when the missing name is given to something in the text of such a file.
    """
    name = re.compile(rf"\bname:\s*['\"]?{re.escape(str(problem.value))}\b")
    return problem.value is not None and any(name.search(text) for text in broken)
