"""A server on loopback that keeps comments of pull requests and what is scanned, as GitHub's and GitLab's APIs do."""

import contextlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOST = 100  # of a page
LONGEST = 65_536
BOT = {"id": 7, "type": "Bot", "login": "github-actions[bot]"}
ANNA = {"id": 1, "type": "User", "login": "anna"}


class Comments:
    """The comments of one pull request, what was asked for, and what the server is to answer instead."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.scanned: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.refused: dict[str, int] = {}
        self.answer: bytes | None = None
        self.address = ""

    def add(self, body: str, user: dict[str, Any]) -> dict[str, Any]:
        comment = {"id": 1000 + len(self.kept), "body": body, "user": user, "author": user}
        self.kept.append(comment)
        return comment


class Api(BaseHTTPRequestHandler):
    """One request."""

    def __init__(self, comments: Comments, *arguments: object) -> None:
        self.comments = comments
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.reply()

    def do_POST(self) -> None:
        self.reply()

    def do_PATCH(self) -> None:
        self.reply()

    def do_PUT(self) -> None:
        self.reply()

    def reply(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.comments.asked.append(f"{self.command} {self.path}")
        self.comments.tokens.add(str(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN")))
        status, found = self.done(json.loads(sent) if sent else None)
        body = json.dumps(found).encode() if self.comments.answer is None else self.comments.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def done(self, sent: Any) -> tuple[int, Any]:
        parts = urlsplit(self.path)
        if self.command in self.comments.refused:
            return self.comments.refused[self.command], {"message": "::error::no\n##[error]no"}
        if parts.path.endswith("/user"):
            return 200, BOT
        if parts.path == "/repos/acme/ml/code-scanning/sarifs":
            self.comments.scanned.append(sent)
            return 202, {"id": "47177e22-5596-11eb-80a1-c1e54ef945c6"}
        if sent is not None and len(sent["body"]) > LONGEST:
            return 422, {"message": "body is too long"}
        if self.command == "GET":
            query = parse_qs(parts.query)
            assert query["per_page"] == [str(MOST)]
            start = (int(query["page"][0]) - 1) * MOST
            return 200, self.comments.kept[start : start + MOST]
        if self.command == "POST":
            return 201, self.comments.add(sent["body"], BOT)
        number = int(parts.path.rpartition("/")[2])
        comment = next((one for one in self.comments.kept if one["id"] == number), None)
        if comment is None:
            return 404, {}
        comment["body"] = sent["body"]
        return 200, comment

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served() -> Iterator[Comments]:
    """The comments and their server."""
    comments = Comments()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Api, comments))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    comments.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield comments
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
