"""Runs the AWS emulator over TLS on a free local port until its standard input ends, then removes its folder.

Usage: python emulator.py FOLDER, with ministack's settings in the environment. Prints the port once it is bound.
The first line of standard input is the root user's credentials, in JSON: no other user reads them there, as they might
in arguments. Standard input is the leash as well: it ends when the process that started this one does, however it dies.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sys
import threading
import traceback
import urllib.parse
from pathlib import Path

import condition_keys
import run_credentials
import schedules
import signatures
import trustme
from hypercorn.asyncio import serve
from hypercorn.config import Config


def issue_certificate(folder: Path) -> tuple[str, str]:
    """Policies refuse requests without TLS, so the emulator speaks it, with an authority made for this run alone."""
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    certificate, key = folder / "server.pem", folder / "server.key"
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    issued.cert_chain_pems[0].write_to_path(str(certificate))
    issued.private_key_pem.write_to_path(str(key))
    return str(certificate), str(key)


SIGNED_FOR = re.compile(rb"Credential=[^/]+/\d+/[^/]+/([a-z0-9-]+)/")
QUERY_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
S3_SUBRESOURCES = {"tagging": "Tagging", "acl": "Acl"}


def s3_action(scope) -> str:
    """The permission that a request to S3 needs, of those that a function might use."""
    query = urllib.parse.parse_qs(scope["query_string"].decode(), keep_blank_values=True)
    has_key = "/" in scope["path"].strip("/")
    if not has_key and scope["method"] in ("GET", "HEAD"):
        return "ListBucket"
    verb = {"PUT": "Put", "POST": "Put", "DELETE": "Delete"}.get(scope["method"], "Get")
    if "delete" in query:
        verb = "Delete"
    version = "Version" if "versionId" in query else ""
    subresource = next((name for part, name in S3_SUBRESOURCES.items() if part in query), "")
    return f"{verb}Object{version}{subresource}"


def telling_calls(app):
    """Tells on standard error what roles call, a line each: `call dynamodb:UpdateItem`. A role's keys are temporary."""

    async def told(scope, receive, send):
        headers = dict(scope.get("headers", []))
        signed = SIGNED_FOR.search(headers.get(b"authorization", b""))
        if scope["type"] != "http" or signed is None or b"x-amz-security-token" not in headers:
            await app(scope, receive, send)
            return
        service = signed[1].decode()
        is_told = False

        def tell(action: str) -> None:
            nonlocal is_told
            is_told = True
            print(f"call {service}:{action}", file=sys.stderr, flush=True)

        target = headers.get(b"x-amz-target", b"").decode()
        if target:
            tell(target.rsplit(".", 1)[-1])
        elif service == "s3":
            tell(s3_action(scope))

        async def seen():
            message = await receive()
            action = QUERY_ACTION.search(message.get("body", b"")) if not is_told else None
            if action is not None:
                tell(action[1].decode())
            return message

        await app(scope, seen, send)

    return told


NO_INVENTORY = b"<Error><Code>NoSuchConfiguration</Code><Message>The bucket has no such inventory.</Message></Error>"


def keeping_inventories(app):
    """Keeps what buckets are asked for by S3 Inventory; no list is ever made.

    ministack does not know these requests and takes them for ones about the bucket itself, which it would delete.
    """
    kept: dict[tuple[str, str], bytes] = {}

    async def kept_or_passed(scope, receive, send):
        query = urllib.parse.parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True)
        if scope["type"] != "http" or "inventory" not in query or "id" not in query:
            await app(scope, receive, send)
            return
        body, has_more = b"", True
        while has_more:
            message = await receive()
            body += message.get("body", b"")
            has_more = message.get("more_body", False)
        place = (scope["path"].strip("/"), query["id"][0])
        if scope["method"] == "PUT":
            kept[place] = body
            status, answer = 200, b""
        elif scope["method"] == "DELETE":
            kept.pop(place, None)
            status, answer = 204, b""
        else:
            status, answer = (200, kept[place]) if place in kept else (404, NO_INVENTORY)
        headers = [(b"content-type", b"application/xml"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return kept_or_passed


async def run(listener: socket.socket, certificate: str, key: str, root: run_credentials.RunCredentials) -> None:
    from ministack.app import app

    run_credentials.hide_function_credentials(root)
    schedules.replace_ticker()
    condition_keys.complete()
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.certfile, config.keyfile = certificate, key
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(*_: object) -> None:
        loop.call_soon_threadsafe(stopped.set)

    def stop_with_starter() -> None:
        sys.stdin.buffer.read()
        stop()

    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=stop_with_starter, daemon=True).start()
    told = telling_calls(keeping_inventories(app))
    if os.environ.get("CHECK_REQUESTS"):
        import request_models

        told = request_models.refusing_by_models(told, signatures.signed_service)
    await serve(signatures.serving_holders_alone(told, root), config, shutdown_trigger=stopped.wait)


def main() -> None:
    folder = Path(sys.argv[1])
    exit_code = 1
    try:
        given = json.loads(sys.stdin.buffer.readline())
        root = run_credentials.RunCredentials(given["accessKeyId"], given["secretAccessKey"])
        run_credentials.adopt(root)
        certificate, key = issue_certificate(folder)
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        # ministack reads these when it is imported: links, queue URLs and the functions' endpoint are made of them.
        os.environ |= {
            "GATEWAY_PORT": str(port),
            "MINISTACK_SSL_CERT": certificate,
            "MINISTACK_SSL_KEY": key,
            "NODE_EXTRA_CA_CERTS": str(folder / "authority.pem"),
        }
        print(port, flush=True)
        asyncio.run(run(listener, certificate, key, root))
        exit_code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        sys.stderr.flush()
        # ministack's background threads would keep the process alive.
        os._exit(exit_code)


if __name__ == "__main__":
    main()
