"""Configuration mistakes a person can act on: file, line, value, what is allowed, what was probably meant."""

import difflib
import types
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from cdp_platform.shared.config import Problem
from cdp_platform.shared.yaml_file import Place, YamlFile

NO_MAPPING = ("model_type", "model_attributes_type", "dict_type")
"""Errors of pydantic that say: this should have keys."""
_ABSENT = object()


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing to correct."""

    file: Path
    line: int
    where: str
    message: str
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}: {self.where}: {self.message}"
        if self.suggestion:
            text += f" Did you mean '{self.suggestion}'?"
        if self.allowed:
            text += f" Allowed: {', '.join(self.allowed)}."
        return text


class ConfigMistakes(Exception):  # noqa: N818 it holds many
    """All mistakes of a company's configuration, found in one pass."""

    def __init__(self, mistakes: Iterable[Mistake]):
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(["", *map(str, self.mistakes)]))


def nearest(value: Any, allowed: Sequence[str]) -> str | None:
    """The allowed word most like the value, when there is a close one."""
    close = difflib.get_close_matches(str(value), allowed, n=1, cutoff=0.6)
    return close[0] if close else None


def from_validation(error: ValidationError, model: type[BaseModel], source: YamlFile, prefix: Place) -> list[Mistake]:
    """Every error of one pydantic validation as mistakes. `prefix` leads from the file to the model."""
    errors: list[dict[str, Any]] = [dict(each) for each in error.errors(include_url=False)]
    places = {id(e): _without_tags(tuple(e["loc"]), source.content, prefix, e["type"] == "missing") for e in errors}
    return [
        _from_error(e, places[id(e)], model, source, prefix)
        for e in errors
        if not any(_says_more(other, places[id(other)], e, places[id(e)]) for other in errors)
    ]


def _says_more(other: dict[str, Any], other_place: Place, error: dict[str, Any], place: Place) -> bool:
    """Whether another error tells better what is wrong: of a union, pydantic reports every kind that it tried."""
    if error["type"] == "string_type":
        return len(other_place) > len(place) and other_place[: len(place)] == place
    return error["type"] in NO_MAPPING and other["type"] not in NO_MAPPING and other_place == place


def from_problem(problem: Problem, source: YamlFile, prefix: Place) -> Mistake:
    """A cross-room problem as a mistake."""
    return Mistake(
        source.file,
        source.line((*prefix, *problem.path)),
        _dotted(problem.path),
        problem.message,
        problem.allowed,
        nearest(problem.value, problem.allowed) if problem.allowed else None,
    )


def _from_error(
    error: dict[str, Any], yaml_place: Place, model: type[BaseModel], source: YamlFile, prefix: Place
) -> Mistake:
    kind, place, value = error["type"], tuple(error["loc"]), error["input"]
    line = source.line((*prefix, *yaml_place))
    where = _dotted(yaml_place or prefix)
    if kind == "extra_forbidden":
        fields = tuple(_fields_at(model, place[:-1]))
        return Mistake(source.file, line, where, "unknown key.", fields, nearest(place[-1], fields))
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        expected = str(error.get("ctx", {}).get("expected") or error.get("ctx", {}).get("expected_tags", ""))
        allowed = tuple(w.strip().strip("'") for w in expected.replace(" or ", ", ").split(",") if w.strip())
        shown = error.get("ctx", {}).get("tag", value)
        if kind == "union_tag_invalid":
            tag_place = (*yaml_place, str(error["ctx"]["discriminator"]).strip("'"))
            line, where = source.line((*prefix, *tag_place)), _dotted(tag_place)
        return Mistake(source.file, line, where, f"{shown!r} is not known.", allowed, nearest(shown, allowed))
    if kind == "missing":
        return Mistake(source.file, line, where, "is missing.")
    if kind == "union_tag_not_found":
        key = str(error["ctx"]["discriminator"]).strip("'")
        return Mistake(source.file, line, where, f"the key '{key}' that says which kind it is, is missing.")
    if kind in NO_MAPPING:
        return Mistake(source.file, line, where, f"must hold keys with values{_found(value)}.")
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    shown = "" if kind == "value_error" else _found(value)
    return Mistake(source.file, line, where, f"{message}{shown}.".replace("..", "."))


def _found(value: Any) -> str:
    return "" if isinstance(value, dict | list | BaseModel) else f" (found {value!r})"


def _without_tags(place: Place, content: Any, prefix: Place, is_missing: bool) -> Place:
    """Drop what pydantic adds to a place but the file does not hold: the kinds of a union. A missing key stays."""
    for step in prefix:
        content = _inner(content, step)
    kept: list[str | int] = []
    tag: Any = None
    for index, step in enumerate(place):
        if tag is None and isinstance(content, dict) and content.get("kind") == step:
            tag = step  # also where the kind is called like one of its keys, such as table
            continue
        tag = None
        inner = _inner(content, step)
        if inner is not _ABSENT:
            content = inner
            kept.append(step)
        elif is_missing and index == len(place) - 1:
            kept.append(step)
    return tuple(kept)


def _inner(content: Any, step: str | int) -> Any:
    if isinstance(content, dict) and step in content:
        return content[step]
    if isinstance(content, list) and isinstance(step, int) and step < len(content):
        return content[step]
    return _ABSENT


def _dotted(place: Place) -> str:
    return ".".join(str(step) for step in place) or "file"


def _fields_at(model: Any, place: Place) -> Iterable[str]:
    """The field names of the model that a place leads to."""
    at = [model]
    for step in place:
        inner: list[Any] = []
        tagged: list[Any] = []
        for candidate in _models(at):
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                by_name = {(f.alias or n): f for n, f in candidate.model_fields.items()}
                if any(_is_tag(f.annotation, step) for f in candidate.model_fields.values()):
                    tagged.append(candidate)
                elif isinstance(step, str) and step in by_name:
                    inner.append(by_name[step].annotation)
            elif get_origin(candidate) in (list, tuple, set, frozenset):
                inner.extend(get_args(candidate)[:1])
            elif get_origin(candidate) is dict:
                inner.append(get_args(candidate)[1])
        at = tagged or inner or at
    for candidate in _models(at):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            yield from ((f.alias or n) for n, f in candidate.model_fields.items())


def _models(types_: Iterable[Any]) -> Iterable[Any]:
    """Unwrap Annotated, Optional and unions."""
    for each in types_:
        if get_origin(each) in (Union, types.UnionType):
            yield from _models(get_args(each))
        elif hasattr(each, "__metadata__"):
            yield from _models([each.__origin__])
        else:
            yield each


def _is_tag(annotation: Any, step: str | int) -> bool:
    return step in get_args(annotation)
