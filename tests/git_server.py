"""A folder of bare repositories -> an http server on loopback that git can clone from and push to; and one that cuts.

`git http-backend` behind Python's http server: the protocol is git's own.
"""

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
Seen = list[str]


class Backend(BaseHTTPRequestHandler):
    """One request: what the protocol of CGI (RFC 3875) makes of it for git."""

    def __init__(self, folder: Path, seen: Seen, wanted: str | None, *arguments: object) -> None:
        self.folder, self.seen, self.wanted = folder, seen, wanted
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        parts = urlsplit(self.path)
        sent = self.headers.get("Authorization", "")
        self.seen.append(f"{self.command} {self.path} {sent}")
        if self.wanted not in (None, sent):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        done = subprocess.run(
            ["git", "http-backend"],
            input=self.body(),
            capture_output=True,
            check=False,
            env={
                **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
                **GIT,
                "GIT_PROJECT_ROOT": str(self.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REMOTE_USER": "anna",
                "REMOTE_ADDR": "127.0.0.1",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            },
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        """What was sent, whole or in chunks."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def serving(folder: Path, wanted: str | None = None) -> Iterator[tuple[str, Seen]]:
    """The address of a server of the repositories in ``folder``, and every request that it saw.

    ``wanted``: what a request has to have as its Authorization.
    """
    seen: Seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Backend, folder, seen, wanted))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def cutting(port: int, cuts: Callable[[bytes], bool]) -> Iterator[str]:
    """The address of a proxy that passes each request on, and hangs up without the answer where ``cuts`` says so."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    done = threading.Event()

    def accept() -> None:
        while not done.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = listener.accept()
                threading.Thread(target=_passed, args=(client, port, cuts), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        thread.join()
        listener.close()


def _passed(client: socket.socket, port: int, cuts: Callable[[bytes], bool]) -> None:
    """One connection: the requests go through; of the answer nothing comes back once one of them is to be cut."""
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        cut = threading.Event()

        def back() -> None:
            with contextlib.suppress(OSError):
                while data := server.recv(65536):
                    if not cut.is_set():
                        client.sendall(data)
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

        thread = threading.Thread(target=back, daemon=True)
        thread.start()
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if cuts(data):
                    cut.set()
                server.sendall(data)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)
        thread.join()
