"""Reads values back from JSON, CBOR, form fields and XML, by their shapes in an AWS service model.

The reverse of botocore's serialisers. What a model does not know stays in the result under the name that it was sent
by, so that request_rules can tell.
"""

import base64
import binascii
import io
import json
import re
import xml.etree.ElementTree as xml_tree

from botocore.model import Shape
from botocore.parsers import RpcV2CBORParser

XML_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}"


class Unreadable(Exception):
    """A request that is no input of the operation at all."""


def scalar(shape: Shape, text: str):
    """A value that was sent as text; one that is no such value stays a text."""
    if shape.type_name in ("integer", "long"):
        return int(text) if re.fullmatch(r"-?\d+", text) else text
    if shape.type_name in ("float", "double"):
        try:
            return float(text)
        except ValueError:
            return text
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return decoded(text) if shape.type_name == "blob" else text


def decoded(text: str) -> bytes | str:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text


def members_by_wire_name(shape: Shape) -> dict[str, str]:
    return {member.serialization.get("name", name): name for name, member in shape.members.items()}


# --- JSON and CBOR


def from_document(shape: Shape, value):
    """A value of JSON, or of CBOR, whose blobs are bytes already."""
    if shape.type_name == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        names = members_by_wire_name(shape)
        return {
            names.get(name, name): from_document(shape.members[names[name]], item) if name in names else item
            for name, item in value.items()
            if item is not None
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [from_document(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: from_document(shape.value, item) for name, item in value.items()}
    return decoded(value) if shape.type_name == "blob" and isinstance(value, str) else value


def parsed_json(body: bytes):
    try:
        return json.loads(body or b"{}")
    except ValueError as cause:
        raise Unreadable("the body is no JSON") from cause


def parsed_cbor(body: bytes):
    parser = RpcV2CBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}


# --- form fields (the query protocol)


def from_fields(shape: Shape, fields: dict[str, str], prefix: str):
    """What the fields that begin with a prefix say; none when nothing does."""
    below = f"{prefix}." if prefix else ""
    if shape.type_name not in ("structure", "list", "map"):
        return scalar(shape, fields[prefix]) if prefix in fields else None
    parts = {name[len(below):].split(".")[0] for name in fields if name.startswith(below)}
    if shape.type_name == "structure":
        names = members_by_wire_name(shape)
        found = {}
        for part in parts:
            name = names.get(part, part)
            member = shape.members.get(name) if part in names else None
            found[name] = fields.get(below + part) if member is None else from_fields(member, fields, below + part)
        return found if found or not prefix else None
    flattened = shape.serialization.get("flattened", False)
    if shape.type_name == "list":
        if fields.get(prefix) == "":
            return []
        item = "" if flattened else f"{shape.member.serialization.get('name', 'member')}."
        indices = indices_below(fields, below + item)
        return [from_fields(shape.member, fields, f"{below}{item}{index}") for index in indices] if parts else None
    item = "" if flattened else "entry."
    key, value = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
    pairs = {
        fields.get(f"{below}{item}{index}.{key}", ""): from_fields(shape.value, fields, f"{below}{item}{index}.{value}")
        for index in indices_below(fields, below + item)
    }
    return pairs if parts else None


def indices_below(fields: dict[str, str], prefix: str) -> list[str]:
    """The numbers that stand behind a prefix, in their order."""
    found = {name[len(prefix):].split(".")[0] for name in fields if name.startswith(prefix)}
    return sorted((index for index in found if index.isdigit()), key=int)


# --- XML


def local_name(element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def from_xml(shape: Shape, element):
    if shape.type_name == "structure":
        return structure_from_xml(shape, element)
    if shape.type_name == "list":
        return [from_xml(shape.member, child) for child in element]
    if shape.type_name == "map":
        pairs = ({local_name(part): part for part in entry} for entry in element)
        return {(pair["key"].text or ""): from_xml(shape.value, pair["value"]) for pair in pairs}
    return scalar(shape, element.text or "")


def structure_from_xml(shape: Shape, element) -> dict:
    found: dict = {}
    names = members_by_wire_name(shape)
    for child in element:
        wire_name = local_name(child)
        name = names.get(wire_name)
        if name is None:
            found[wire_name] = child.text
            continue
        member = shape.members[name]
        if member.type_name == "list" and member.serialization.get("flattened", False):
            found.setdefault(name, []).append(from_xml(member.member, child))
        else:
            found[name] = from_xml(member, child)
    for name, member in shape.members.items():
        wire_name = member.serialization.get("name", name)
        attribute = element.get(wire_name.replace("xsi:", XML_SCHEMA))
        if member.serialization.get("xmlAttribute", False) and attribute is not None:
            found[name] = attribute
    return found


def parsed_xml(body: bytes):
    try:
        return xml_tree.fromstring(body)
    except xml_tree.ParseError as cause:
        raise Unreadable("the body is no XML") from cause
