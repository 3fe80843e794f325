"""What an AWS service model demands of a value: members, types, enums, patterns, lengths and ranges."""

import functools
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from botocore.model import Shape

MOST_SHOWN = 60
TYPES = {
    "structure": dict, "map": dict, "list": list, "boolean": bool, "integer": int, "long": int,
    "float": (int, float), "double": (int, float), "blob": (bytes, str),
}
COUNTED = {"list": "items", "map": "entries", "blob": "bytes"}


@dataclass(frozen=True)
class Violation:
    """A value that AWS would refuse; the path begins with the operation's member."""

    path: str
    rule: str
    demand: str

    def __str__(self) -> str:
        return f"{self.path or 'the request'}: {self.demand}"


def shown(shape: Shape | None, value) -> str:
    """A value on one line, shortened and escaped; one that the model calls sensitive is not shown."""
    if shape is not None and shape.metadata.get("sensitive", False):
        return "a sensitive value"
    text = json.dumps(value, default=lambda other: f"{type(other).__name__}")
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


# --- patterns

# What Java, which AWS matches patterns in, writes in another way than Python.
REWRITTEN = (
    (r"\uD800\uDC00-\uDBFF\uDFFF", "\U00010000-\U0010ffff"),
    (r"[\w-_", r"[\w\-_"),
    (r"\p{Print}", r"[\x20-\x7e]"),
)
CATEGORY = re.compile(r"\\p\{(\w)\}")


@functools.cache
def ranges_by_category() -> dict[str, str]:
    """The code points of each of Unicode's major categories, as they stand in a character class."""
    parts: dict[str, list[str]] = defaultdict(list)
    start, before = 0, unicodedata.category("\0")[0]
    for point in range(1, sys.maxunicode + 2):
        category = unicodedata.category(chr(point))[0] if point <= sys.maxunicode else ""
        if category != before:
            parts[before].append(f"\\U{start:08x}-\\U{point - 1:08x}")
            start, before = point, category
    return {category: "".join(found) for category, found in parts.items()}


@functools.cache
def compiled(pattern: str) -> re.Pattern:
    for java, python in REWRITTEN:
        pattern = pattern.replace(java, python)
    # Every category of the models stands in a class.
    pattern = CATEGORY.sub(lambda found: ranges_by_category()[found[1]], pattern)
    return re.compile(pattern, re.ASCII)


# --- rules


def violations(shape: Shape, value, path: str = "") -> Iterator[Violation]:
    expected = TYPES.get(shape.type_name)
    is_wrong = expected is not None and not isinstance(value, expected)
    if is_wrong or (isinstance(value, bool) and shape.type_name != "boolean") or value is None:
        yield Violation(path, "type", f"expected a {shape.type_name}, got {shown(shape, value)}")
        return
    yield from size_violations(shape, value, path)
    if shape.type_name == "structure" and not shape.metadata.get("document", False):
        yield from member_violations(shape, value, path)
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from violations(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for name, item in value.items():
            yield from violations(shape.key, name, f"{path} (key)")
            yield from violations(shape.value, item, f"{path}[{shown(shape.key, name)}]")
    elif shape.type_name == "string" and isinstance(value, str):
        yield from text_violations(shape, value, path)


def member_violations(shape: Shape, value: dict, path: str) -> Iterator[Violation]:
    below = f"{path}." if path else ""
    for name in shape.metadata.get("required", ()):
        if name not in value:
            yield Violation(below + name, "required", "expected a value, got none")
    for name, item in value.items():
        if name in shape.members:
            yield from violations(shape.members[name], item, below + name)
        else:
            yield Violation(below + name, "unknown", f"expected no such member, got {shown(None, item)}")
    if shape.metadata.get("union", False) and len(value) != 1:
        yield Violation(path, "union", f"expected one member, got {len(value)}")


def size_violations(shape: Shape, value, path: str) -> Iterator[Violation]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name == "boolean" or shape.type_name == "timestamp" or (least is None and most is None):
        return
    is_number = isinstance(value, (int, float))
    size = value if is_number else len(value)
    unit = "" if is_number else f" {COUNTED.get(shape.type_name, 'characters')}"
    if least is not None and size < least:
        yield Violation(path, "min", f"expected at least {least}{unit}, got {size}: {shown(shape, value)}")
    if most is not None and size > most:
        yield Violation(path, "max", f"expected at most {most}{unit}, got {size}: {shown(shape, value)}")


def text_violations(shape: Shape, value: str, path: str) -> Iterator[Violation]:
    enum, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
    if enum and value not in enum:
        yield Violation(path, "enum", f"expected one of {', '.join(enum)}, got {shown(shape, value)}")
    if pattern and compiled(pattern).fullmatch(value) is None:
        yield Violation(path, "pattern", f"expected what matches {pattern}, got {shown(shape, value)}")
