"""Refuses requests that AWS would refuse by its published service models, which the emulator itself does not look at.

As a program it judges requests that no emulator sees: a line of JSON in, a line of JSON with what is wrong out.
"""

import base64
import functools
import json
import re
import sys
import urllib.parse
from dataclasses import dataclass

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from http_request import Request, body_of, protocol_of, replayed, request_of, send_error
from request_input import TRANSPORT_QUERY, input_of
from request_rules import Violation, violations
from request_shapes import Unreadable

# Names of models that differ from the name that their requests are signed for.
MODEL_NAMES = {"monitoring": "cloudwatch"}
# Where the bucket is in the host's name and not in the path, as the SDKs ask AWS.
S3_HOST = re.compile(r"(.+)\.s3\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
S3_CONTROL = re.compile(r"/v20180820/")
OTHER_ENDPOINTS = ("/_ministack/",)
MOST_OPERATION_NAME = 80

# What AWS takes although its model has it differently: (model, operation, path, rule), each with its reason.
DEVIATIONS: dict[tuple[str, str, str, str], str] = {}


@dataclass(frozen=True)
class Route:
    operation: str
    method: str
    path: re.Pattern
    # Names that the query must hold, with a value where the model has one.
    query: dict[str, str]
    header: str | None
    # The more of it is given, the better it fits.
    weight: tuple[int, int, int]


def path_pattern(path: str) -> re.Pattern:
    parts = re.split(r"(\{[^}]+\})", path.rstrip("/"))
    labels = (f"(?P<{re.sub(r'[^0-9A-Za-z_]', '', part)}>{'.+' if part.endswith('+}') else '[^/]+'})"
              if part.startswith("{") else re.escape(part) for part in parts)
    return re.compile(f"{''.join(labels)}/?")


def route_of(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    fixed = {name: values[0] for name, values in urllib.parse.parse_qs(query, keep_blank_values=True).items()}
    members = operation.input_shape.members.items() if operation.input_shape is not None else ()
    required = operation.input_shape.metadata.get("required", ()) if operation.input_shape is not None else ()
    places = [(member.serialization.get("location"), member.serialization.get("name", name))
              for name, member in members if name in required]
    asked = {name: "" for place, name in places if place == "querystring"}
    # A copy differs from a write by this header alone.
    header = next((name for place, name in places if place == "header" and name == "x-amz-copy-source"), None)
    literal = len(re.sub(r"\{[^}]+\}", "", path))
    return Route(operation.name, operation.http["method"], path_pattern(path), asked | fixed, header,
                 (len(fixed) + (header is not None), len(asked), literal))


class Model:
    """A service's model, and which of its operations a request is."""

    def __init__(self, name: str):
        self.name = name
        self.service = ServiceModel(Loader().load_service_model(name, "service-2"), name)

    @functools.cached_property
    def routes(self) -> list[Route]:
        operations = (self.service.operation_model(name) for name in self.service.operation_names)
        # Some operations of S3 have a deprecated twin of the same route.
        routes = (route_of(operation) for operation in operations if not operation.deprecated)
        return sorted(routes, key=lambda route: route.weight, reverse=True)

    def operation_of(self, request: Request) -> tuple[str, dict[str, str]]:
        """The operation's name and the labels of its path; of an unknown operation, what the request asks for."""
        if self.service.protocol.startswith("rest-"):
            return self.routed(request)
        if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
            return request.path.rsplit("/", 1)[-1], {}
        if "x-amz-target" in request.headers:
            return request.headers["x-amz-target"].rsplit(".", 1)[-1], {}
        fields = urllib.parse.parse_qs(request.body.decode("utf-8", "replace"))
        return fields.get("Action", ["no action"])[0], {}

    def routed(self, request: Request) -> tuple[str, dict[str, str]]:
        for route in self.routes:
            found = route.path.fullmatch(request.raw_path) if route.method == request.method else None
            if found is None or (route.header is not None and route.header not in request.headers):
                continue
            if all(value in ("", *request.query.get(name, ())[:1]) and name in request.query
                   for name, value in route.query.items()):
                return route.operation, {name: urllib.parse.unquote(value) for name, value in found.groupdict().items()}
        query = "&".join(name for name in request.query if not TRANSPORT_QUERY.fullmatch(name))
        return f"{request.method} {request.raw_path}{'?' if query else ''}{query}", {}


@functools.cache
def model_of(name: str) -> Model:
    return Model(name)


def problem_of(request: Request, signed_for: str) -> str | None:
    """What AWS would refuse of a request, with service, operation and path; nothing when it would take it."""
    name = "s3control" if S3_CONTROL.match(request.path) else MODEL_NAMES.get(signed_for, signed_for)
    model = model_of(name)
    operation, labels = model.operation_of(request)
    if operation not in model.service.operation_names:
        return f"{name}: expected an operation of the service, got {json.dumps(operation[:MOST_OPERATION_NAME])}"
    described = model.service.operation_model(operation)
    try:
        found = input_of(described, request, labels)
    except Unreadable as unreadable:
        return f"{name}:{operation}: {unreadable}"
    for violation in judged(described, found):
        place = re.sub(r"\[[^]]*\]", "[]", violation.path)
        if (name, operation, place, violation.rule) not in DEVIATIONS:
            return f"{name}:{operation} {violation}"
    return None


def judged(operation: OperationModel, found: dict) -> list[Violation]:
    if operation.input_shape is not None:
        return list(violations(operation.input_shape, found))
    return [Violation(name, "unknown", "expected no members") for name in found]


def refusing_by_models(app, service_of):
    """Refuses what AWS's models do not allow, in the answer and on standard error."""

    async def judged_or_passed(scope, receive, send):
        if scope["type"] != "http" or scope["path"].startswith(OTHER_ENDPOINTS):
            await app(scope, receive, send)
            return
        body = await body_of(receive)
        if body is None:
            return
        request = request_of(scope, body)
        service = service_of(request)
        problem = problem_of(request, service) if service else None
        if problem is None:
            await app(scope, replayed(body, receive), send)
            return
        print(f"request refused: {problem}", file=sys.stderr, flush=True)
        protocol = protocol_of(request, service)
        await send_error(send, request, protocol, 400, "ValidationException", problem)

    return judged_or_passed


def asked(line: str) -> tuple[Request, str]:
    given = json.loads(line)
    url = urllib.parse.urlsplit(given["url"])
    query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
    headers = {name.lower(): value for name, value in given["headers"].items()}
    in_host = S3_HOST.fullmatch(headers.get("host", "")) if given["service"] == "s3" else None
    path = f"/{in_host[1]}{url.path}" if in_host else url.path
    body = base64.b64decode(given["body"])
    return Request(given["method"], urllib.parse.unquote(path), path, query, headers, body), given["service"]


def main() -> None:
    for line in sys.stdin:
        print(json.dumps({"problem": problem_of(*asked(line))}), flush=True)


if __name__ == "__main__":
    main()
