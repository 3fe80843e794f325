"""Serves who holds a credential of this run, and nobody else: every user of a machine reaches its 127.0.0.1.

ministack takes the access key `test`, an account's number and no key at all for the root user, unverified. Here a
request is served when it is signed (Signature Version 4) with the run's own key, or with one that ministack issued in
this run: to a function for its role, by AssumeRole, or to an IAM user.
"""

import datetime
import hashlib
import hmac
import re

from http_request import Request, body_of, protocol_of, replayed, request_of, send_error
from ministack.core import sigv4
from run_credentials import RunCredentials

# The one thing a stranger may ask is whether the emulator is ready.
OPEN_PATHS = ("/_ministack/ready",)
MOST_SECONDS = 7 * 24 * 60 * 60
CLOCK_SKEW = datetime.timedelta(minutes=15)
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request,\s*"
    r"SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})"
)
SHA256 = re.compile(r"[0-9a-f]{64}")
ONE_BUCKET = re.compile(r"/[^/]+/?")
SIGNING_PARAMETERS = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders")
FORM_FIELDS = ("policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")

# What services of each protocol say.
CODES = {
    "unsigned": {
        "xml": "AccessDenied",
        "query": "MissingAuthenticationToken",
        "json": "MissingAuthenticationTokenException",
    },
    "unknown": {"xml": "InvalidAccessKeyId", "query": "InvalidClientTokenId", "json": "UnrecognizedClientException"},
    "mismatch": {"xml": "SignatureDoesNotMatch", "query": "SignatureDoesNotMatch", "json": "InvalidSignatureException"},
    "skewed": {"xml": "RequestTimeTooSkewed", "query": "RequestExpired", "json": "InvalidSignatureException"},
    "ended": {"xml": "AccessDenied", "query": "RequestExpired", "json": "InvalidSignatureException"},
    "malformed": {"xml": "InvalidArgument", "query": "IncompleteSignature", "json": "IncompleteSignatureException"},
}
MESSAGES = {
    "unsigned": "This emulator serves signed requests only.",
    "unknown": "This access key was not issued in this run of the emulator.",
    "mismatch": "The signature is not the one that this access key's secret makes.",
    "skewed": "The request was signed too long ago, or in the future.",
    "ended": "Request has expired",
    "malformed": "Expected one signature of version 4, in the Authorization header, the query or a form.",
}


class Refused(Exception):
    """A request that is not served; the reason is a key of CODES."""


def secret_of(access_key_id: str, token: str, run: RunCredentials) -> str:
    from ministack.core.iam_evaluator import (
        CredentialResolutionError,
        find_iam_access_key_account,
        is_root_access_key,
        resolve_credential,
    )
    from ministack.core.responses import _account_from_sts_session

    if access_key_id == run.access_key_id and not token:
        return run.secret_access_key
    if is_root_access_key(access_key_id):
        raise Refused("unknown")
    account = _account_from_sts_session(access_key_id) or find_iam_access_key_account(access_key_id)
    found = resolve_credential(access_key_id, account, token)
    if isinstance(found, CredentialResolutionError):
        raise Refused("unknown")
    return found.secret_access_key


def verify_signature(request: Request, signature: sigv4.HeaderSignature, secret: str, presigned: bool) -> None:
    declared = request.headers.get("x-amz-content-sha256", "")
    is_same_body = not SHA256.fullmatch(declared) or hashlib.sha256(request.body).hexdigest() == declared
    failure = sigv4.header_signature_failure(
        signature, secret, request.method, request.raw_path, request.query, request.headers, request.body,
        presigned=presigned,
    )
    if failure or "host" not in signature.signed_headers.split(";") or not (presigned or is_same_body):
        raise Refused("mismatch")


def verify_header(request: Request, run: RunCredentials) -> None:
    found = AUTHORIZATION.fullmatch(request.headers["authorization"].strip())
    if found is None or "x-amz-date" not in request.headers:
        raise Refused("malformed")
    signature = sigv4.HeaderSignature(*found.groups(), request.headers["x-amz-date"])
    secret = secret_of(signature.access_key_id, request.headers.get("x-amz-security-token", ""), run)
    if sigv4.request_time_failure(signature):
        raise Refused("skewed")
    verify_signature(request, signature, secret, presigned=False)


def verify_query(request: Request, run: RunCredentials) -> None:
    if any(len(request.query.get(name, ())) != 1 for name in (*SIGNING_PARAMETERS, "X-Amz-Signature")):
        raise Refused("malformed")
    signature = sigv4.parse_query_signature(request.query)
    if isinstance(signature, tuple) or request.query["X-Amz-Algorithm"] != ["AWS4-HMAC-SHA256"]:
        raise Refused("malformed")
    secret = secret_of(signature.access_key_id, request.query.get("X-Amz-Security-Token", [""])[0], run)
    try:
        seconds = int(request.query["X-Amz-Expires"][0])
        signed_at = datetime.datetime.strptime(f"{signature.amz_date}+0000", "%Y%m%dT%H%M%SZ%z")
    except ValueError:
        raise Refused("malformed") from None
    now = datetime.datetime.now(datetime.timezone.utc)
    if not 0 < seconds <= MOST_SECONDS or signed_at > now + CLOCK_SKEW:
        raise Refused("skewed")
    verify_signature(request, signature, secret, presigned=True)
    if now > signed_at + datetime.timedelta(seconds=seconds):
        raise Refused("ended")


def verify_form(request: Request, run: RunCredentials) -> None:
    """A form of S3 that was signed for a browser; S3 checks what its policy says of the upload."""
    from ministack.services.s3 import _parse_multipart_form

    fields: dict[str, str] = {}
    for name, _, _, value in _parse_multipart_form(request.headers["content-type"], request.body):
        if name.lower() == "file":
            break
        if name.lower() in fields:
            raise Refused("malformed")
        fields[name.lower()] = value.decode("utf-8", "replace")
    scope = fields.get("x-amz-credential", "").split("/")
    if not all(fields.get(name) for name in FORM_FIELDS) or len(scope) != 5 or scope[3] != "s3":
        raise Refused("unsigned")
    secret = secret_of(scope[0], fields.get("x-amz-security-token", ""), run)
    expected = sigv4.calculate_signature(secret, scope[1], scope[2], "s3", fields["policy"])
    if not hmac.compare_digest(expected.encode(), fields["x-amz-signature"].encode()):
        raise Refused("mismatch")


def is_form(request: Request) -> bool:
    return (
        request.method == "POST"
        and ONE_BUCKET.fullmatch(request.path) is not None
        and not request.query
        and "x-amz-target" not in request.headers
        and request.headers.get("content-type", "").startswith("multipart/form-data")
    )


def verify(request: Request, run: RunCredentials) -> None:
    """Raises Refused unless the request proves that its sender holds a credential of this run."""
    parameters = {name.lower() for name in request.query}
    if {"awsaccesskeyid", "signature"} & parameters:
        raise Refused("malformed")
    if "authorization" in request.headers:
        # Of two signatures ministack might heed the other one.
        if {"x-amz-credential", "x-amz-signature"} & parameters:
            raise Refused("malformed")
        verify_header(request, run)
    elif "x-amz-signature" in parameters:
        verify_query(request, run)
    elif is_form(request):
        verify_form(request, run)
    else:
        raise Refused("unsigned")


def signed_service(request: Request) -> str:
    """The service that a request is signed for, as far as it says so."""
    found = AUTHORIZATION.match(request.headers.get("authorization", ""))
    if found is not None:
        return found[4]
    scope = request.query.get("X-Amz-Credential", [""])[0].split("/")
    return scope[3] if len(scope) == 5 else ""


def is_preflight(request: Request) -> bool:
    """A browser's question about CORS, which no browser signs and AWS answers to everyone."""
    return request.method == "OPTIONS" and "access-control-request-method" in request.headers


def serving_holders_alone(app, run: RunCredentials):
    """Refuses every request that is not signed with a credential of this run."""

    async def served(scope, receive, send):
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = request_of(scope)
        if is_preflight(request) or (request.method == "GET" and request.path in OPEN_PATHS):
            await app(scope, receive, send)
            return
        body = await body_of(receive)
        if body is None:
            return
        request = request_of(scope, body)
        try:
            verify(request, run)
        except Refused as refused:
            reason = str(refused)
            protocol = protocol_of(request, signed_service(request))
            code = CODES[reason]["json" if protocol == "cbor" else protocol]
            await send_error(send, request, protocol, 403, code, MESSAGES[reason])
            return
        await app(scope, replayed(body, receive), send)

    return served
