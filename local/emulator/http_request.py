"""A request as the layers in front of ministack see it, and the answer when one of them refuses it."""

import json
import urllib.parse
from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    # As it was sent: what a signature is made of.
    raw_path: str
    query: dict[str, list[str]]
    # By name in lower case; the values of a repeated one joined by commas, as they are signed.
    headers: dict[str, str]
    body: bytes = b""


def request_of(scope: dict, body: bytes = b"") -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("utf-8", "surrogateescape")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    query = urllib.parse.parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    raw_path = scope["raw_path"].decode("latin-1")
    return Request(scope["method"], scope["path"], raw_path, query, headers, body)


async def body_of(receive) -> bytes | None:
    """The whole body; none when the client left before it was sent."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def replayed(body: bytes, receive):
    """Receives a body that was read before, then what comes after it."""
    is_sent = False

    async def again():
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def protocol_of(request: Request, service: str) -> str:
    """How clients of the service would read an error."""
    kind = request.headers.get("content-type", "")
    if request.headers.get("smithy-protocol") == "rpc-v2-cbor":
        return "cbor"
    if "x-amz-target" in request.headers:
        return "json"
    if kind.startswith("application/x-www-form-urlencoded"):
        return "query"
    return "xml" if service in ("s3", "") else "json"


def cbor_text(text: str) -> bytes:
    """A text of up to 65,535 bytes in CBOR (RFC 8949, 3.1)."""
    encoded = text.encode()[:65_535]
    return b"\x79" + len(encoded).to_bytes(2, "big") + encoded


def error_body(protocol: str, code: str, message: str) -> tuple[str, bytes]:
    """The error in a protocol's own form, so that SDKs show code and message."""
    if protocol == "cbor":
        pairs = {"__type": code, "message": message}
        items = b"".join(cbor_text(name) + cbor_text(value) for name, value in pairs.items())
        return "application/cbor", b"\xa2" + items
    if protocol == "json":
        return "application/json", json.dumps({"__type": code, "message": message}).encode()
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if protocol == "query":
        body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>0</RequestId></ErrorResponse>"
    else:
        body = f"<Error>{error}</Error>"
    return "text/xml", body.encode()


async def send_error(send, request: Request, protocol: str, status: int, code: str, message: str) -> None:
    content_type, body = error_body(protocol, code, message)
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"x-amzn-errortype", code.encode()),
    ]
    if protocol == "cbor":
        headers.append((b"smithy-protocol", b"rpc-v2-cbor"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})
