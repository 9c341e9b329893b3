"""YAML with the line of every value, so that each mistake can name its place."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Place = tuple[str | int, ...]


class YamlFile(NamedTuple):
    """Parsed content and the line (from 1) of every key and list item."""

    file: Path
    content: Any
    lines: dict[Place, int]
    duplicates: list[Place]

    def line(self, place: Place) -> int:
        """The line of a place, or of its nearest known parent."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


class _Loader(yaml.SafeLoader):
    """Leaves a date that is none as text, so that the model that wants a date complains, with its line."""

    def construct_yaml_timestamp(self, node: ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def read(file: Path) -> YamlFile:
    """Parse one document. Raises yaml.YAMLError, whose mark holds the line."""
    loader = _Loader(file.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        lines: dict[Place, int] = {(): 1}
        duplicates: list[Place] = []
        if node is not None:
            _walk(node, (), lines, duplicates)
        content = loader.construct_document(node) if node is not None else None  # pyright: ignore[reportUnknownMemberType]
    finally:
        loader.dispose()
    return YamlFile(file, content, lines, duplicates)


def _walk(node: Node, place: Place, lines: dict[Place, int], duplicates: list[Place]) -> None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                inner = (*place, str(key.value))
                if inner in lines:
                    duplicates.append(inner)
                lines[inner] = key.start_mark.line + 1
                _walk(value, inner, lines, duplicates)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            inner = (*place, index)
            lines[inner] = value.start_mark.line + 1
            _walk(value, inner, lines, duplicates)
