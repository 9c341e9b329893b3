"""What all conditions have in common: which kind one is shows in its keys, and each mistake names its place."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from cdp_platform.shared.config import Config


class Condition(Config):
    """Something that holds for a customer or does not."""


def choose(value: Any, kinds: Mapping[str, type[Condition]], what: str, example: str) -> Condition:
    """Read a mapping as the kind of condition that its keys name.

    Raises ValidationError whose places are those of the file (a tagged union would put its tags between), and
    ValueError where the mapping as a whole is wrong.
    """
    if isinstance(value, Condition):
        return value
    if isinstance(value, list):
        raise ValueError(f"{what} stands here, not a list: put the list under all:, any: or none:")
    if not isinstance(value, dict):
        raise ValueError(f"{what} is a mapping such as {example}, not {value!r}")
    leading = _leading(value, kinds, what)
    known = _keys_of(kinds[leading], leading)
    strange = [key for key in value if key not in known]
    meant = [key for key in strange if not _close(key, known) and _close(key, kinds)]
    if meant:  # `summ_of` beside `did`: the kind itself is misspelt, so what goes with it looks strange too
        raise _unknown(meant, value, tuple(kinds))
    if strange:
        raise _unknown(strange, value, known)
    return kinds[leading].model_validate(value)


def _leading(value: dict[Any, Any], kinds: Mapping[str, type[Condition]], what: str) -> str:
    """The key that names the kind. `did` is also a part of `sum_of` and its like: the kind with both is meant."""
    found = [key for key in kinds if key in value]
    best = [key for key in found if all(other in kinds[key].model_fields for other in found)]
    if best:
        return best[0]
    if found:
        raise ValueError(
            f"{' and '.join(repr(key) for key in found)} stand in one condition: "
            "write each as its own condition under all:, any: or none:"
        )
    parts = {field for model in kinds.values() for field in model.model_fields}
    strange = [key for key in value if key not in parts]
    if strange:
        raise _unknown([key for key in strange if _close(key, kinds)] or strange[:1], value, tuple(kinds))
    raise ValueError(f"{what} has one of the keys {', '.join(kinds)}: none of them stands here")


def _keys_of(model: type[Condition], leading: str) -> tuple[str, ...]:
    """All keys of a kind: the leading one, its own, then those it shares with others."""
    own = [key for key in model.model_fields if key in model.__annotations__]
    return tuple(dict.fromkeys([leading, *own, *model.model_fields]))


def _close(key: Any, words: Iterable[str]) -> bool:
    return bool(difflib.get_close_matches(str(key), list(words), n=1, cutoff=0.6))


def _unknown(keys: list[Any], value: dict[Any, Any], allowed: tuple[str, ...]) -> ValidationError:
    details = [
        InitErrorDetails(
            type=PydanticCustomError(
                "literal_error", "is not known", {"tag": str(key), "expected": ", ".join(allowed)}
            ),
            loc=(str(key),),
            input=value[key],
        )
        for key in keys
    ]
    return ValidationError.from_exception_data("condition", details)
