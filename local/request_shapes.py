"""Reads the input of an AWS operation back from the request that carries it, by the operation's model.

The reverse of botocore's serialisers, for the protocols of the services here. What the model does not know stays in
the result under the name that it was sent by, so that request_rules can tell.
"""

import base64
import binascii
import io
import json
import re
import urllib.parse
import xml.etree.ElementTree as xml_tree

from botocore.model import OperationModel, Shape
from botocore.parsers import RpcV2CBORParser
from http_request import Request

# Parts of a request that are about its transport: every service takes them.
TRANSPORT_QUERY = re.compile(r"x-id|x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)", re.I)
TRANSPORT_HEADERS = re.compile(
    r"x-amz-(date|content-sha256|security-token|user-agent|target|trailer|decoded-content-length|te|api-version|"
    r"checksum-(crc32|crc32c|crc64nvme|sha1|sha256))|x-amzn-(query-mode|trace-id)"
)
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
            found[name] = from_fields(shape.members[name], fields, below + part) if part in names else fields.get(below + part)
        return found if found or not prefix else None
    flattened = shape.serialization.get("flattened", False)
    if shape.type_name == "list":
        if fields.get(prefix) == "":
            return []
        item = "" if flattened else f"{shape.member.serialization.get('name', 'member')}."
        indices = indices_below(fields, below + item)
        return [from_fields(shape.member, fields, f"{below}{item}{index}") for index in indices] if parts else None
    item = "" if flattened else "entry."
    key, value = (each.serialization.get("name", default) for each, default in ((shape.key, "key"), (shape.value, "value")))
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


# --- REST: path, query, headers and body


def from_rest(operation: OperationModel, request: Request, labels: dict[str, str]) -> dict:
    shape = operation.input_shape
    if shape is None:
        return {}
    found: dict = {}
    fixed = urllib.parse.urlsplit(operation.http["requestUri"]).query
    rest_query = {
        name: values
        for name, values in request.query.items()
        if not TRANSPORT_QUERY.fullmatch(name) and name not in urllib.parse.parse_qs(fixed, keep_blank_values=True)
    }
    rest_headers = {
        name: value
        for name, value in request.headers.items()
        if name.startswith(("x-amz-", "x-amzn-")) and not TRANSPORT_HEADERS.fullmatch(name)
    }
    in_body = False
    for name, member in shape.members.items():
        place, wire_name = member.serialization.get("location"), member.serialization.get("name", name)
        if place == "uri":
            found[name] = scalar(member, labels[wire_name])
        elif place == "querystring" and wire_name in rest_query:
            values = rest_query.pop(wire_name)
            found[name] = [scalar(member.member, each) for each in values] if member.type_name == "list" else scalar(member, values[0])
        elif place == "header" and wire_name.lower() in request.headers:
            rest_headers.pop(wire_name.lower(), None)
            found[name] = header_value(member, request.headers[wire_name.lower()])
        elif place == "headers":
            prefix = wire_name.lower()
            matching = [header for header in rest_headers if header.startswith(prefix)]
            if matching:
                found[name] = {header[len(prefix):]: rest_headers.pop(header) for header in matching}
        elif place == "querystring" and member.type_name == "map":
            found[name] = {each: rest_query.pop(each)[0] for each in list(rest_query)}
        in_body = in_body or place is None
    if in_body and request.body:
        found |= from_rest_body(operation, request)
    for name, values in rest_query.items():
        found[f"?{name}"] = values[0]
    return found | rest_headers


def header_value(member: Shape, text: str):
    if member.type_name == "list":
        return [scalar(member.member, each.strip()) for each in text.split(",")]
    if member.type_name == "timestamp":
        return text
    return scalar(member, text)


def from_rest_body(operation: OperationModel, request: Request) -> dict:
    shape = operation.input_shape
    payload = shape.serialization.get("payload")
    holder = shape if payload is None else shape.members[payload]
    if payload is not None and holder.type_name not in ("structure", "list"):
        return {payload: request.body if holder.type_name == "blob" else request.body.decode("utf-8", "replace")}
    if operation.service_model.protocol == "rest-xml":
        content = from_xml(holder, parsed_xml(request.body))
    else:
        content = from_document(holder, parsed_json(request.body))
    return content if payload is None else {payload: content}


# --- any of them


def input_of(operation: OperationModel, request: Request, labels: dict[str, str]) -> dict:
    """The operation's input by the names of its members."""
    shape = operation.input_shape
    if operation.service_model.protocol.startswith("rest-"):
        return from_rest(operation, request, labels)
    if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
        content = parsed_cbor(request.body)
    elif "x-amz-target" in request.headers:
        content = parsed_json(request.body)
    else:
        pairs = urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True)
        fields = {name: value for name, value in pairs if name not in ("Action", "Version")}
        return fields if shape is None else from_fields(shape, fields, "")
    return content if shape is None else from_document(shape, content)
