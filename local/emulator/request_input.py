"""Reads the input of an AWS operation back from the request that carries it, by the operation's model."""

import re
import urllib.parse

from botocore.model import OperationModel, Shape
from http_request import Request
from request_shapes import from_document, from_fields, from_xml, parsed_cbor, parsed_json, parsed_xml, scalar

# Parts of a request that are about its transport: every service takes them.
TRANSPORT_QUERY = re.compile(
    r"x-id|x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)", re.IGNORECASE
)
TRANSPORT_HEADERS = re.compile(
    r"x-amz-(date|content-sha256|security-token|user-agent|target|trailer|decoded-content-length|te|api-version|"
    r"checksum-(crc32|crc32c|crc64nvme|sha1|sha256))|x-amzn-(query-mode|trace-id)"
)


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
            found[name] = query_value(member, rest_query.pop(wire_name))
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


def query_value(member: Shape, values: list[str]):
    if member.type_name == "list":
        return [scalar(member.member, each) for each in values]
    return scalar(member, values[0])


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
