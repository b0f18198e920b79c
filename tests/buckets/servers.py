"""Servers on this machine: S3 as moto speaks it, and services that do not answer as they should."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: What a service that is not asked properly does with a request.
Answer = Callable[[BaseHTTPRequestHandler], None]

_SERVE = """
import sys
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server, WSGIRequestHandler
class Quiet(WSGIRequestHandler):
    def log_request(self, *_): pass
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app),
                     threaded=True, request_handler=Quiet)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def s3() -> Iterator[str]:
    """The address of an empty S3, gone afterwards."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout
        port = int(server.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.communicate()


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """The address of a service that answers every request so."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.__dict__.pop("sent", None)  # of the request before, on the same connection
            answer(self)

        do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _sent(request: BaseHTTPRequestHandler) -> bytes:
    """The body of a request, which is read once."""
    if hasattr(request, "sent"):
        return bytes(request.sent)
    if request.headers.get("Transfer-Encoding") != "chunked":
        content = request.rfile.read(int(request.headers.get("Content-Length", 0)))
    else:
        content = b""
        while size := int(request.rfile.readline(), 16):
            content += request.rfile.read(size)
            request.rfile.readline()
        request.rfile.readline()
    request.sent = content  # type: ignore[attr-defined]
    return content


def body(status: int, text: str, kind: str = "text/html", **headers: str) -> Answer:
    """Always the same answer."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        _sent(request)
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(text)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(text.encode())

    return answer


def refusing(status: int, code: str, why: str = "no", **headers: str) -> Answer:
    """An answer as S3 gives one that refuses."""
    said = f"<Error><Code>{code}</Code><Message>{why}</Message><RequestId>1</RequestId></Error>"
    return body(status, f'<?xml version="1.0"?>{said}', "application/xml", **headers)


def closed_port() -> str:
    """An address at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


#: What is done with a request ahead of a service; true: it is answered already.
Hook = Callable[[BaseHTTPRequestHandler], bool]


@contextmanager
def between(address: str, hook: Hook) -> Iterator[str]:
    """The address of a service that hands on to another what its hook does not answer."""
    where = address.removeprefix("http://")

    def answer(request: BaseHTTPRequestHandler) -> None:
        sent = _sent(request)
        if hook(request):
            request.close_connection = True
            return
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in {"transfer-encoding", "expect", "content-length"}
        }
        connection = http.client.HTTPConnection(where)
        connection.request(request.command, request.path, sent, headers)
        found = connection.getresponse()
        content = found.read()
        length = found.getheader("Content-Length") if request.command == "HEAD" else len(content)
        request.send_response_only(found.status)
        for name, value in found.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                request.send_header(name, value)
        request.send_header("Content-Length", str(length or 0))
        request.end_headers()
        request.wfile.write(content)
        connection.close()

    with answering(answer) as new:
        yield new
