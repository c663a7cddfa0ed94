"""Law 9: no command opens a connection."""

import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from mlgen.__main__ import main

COMMANDS: Sequence[Sequence[str]] = (
    ["--help"],
    ["--version"],
    ["init", "platform"],
    ["new", "churn", "--example", "churn", "--root", "platform"],
    ["validate", "--root", "platform"],
    ["render", "--root", "platform"],
    ["check", "--root", "platform"],
    ["build", "churn", "--env", "prod", "--root", "platform"],
    ["explain", "churn/prod:Deployment/serve:spec.template.spec.containers.0.image", "--root", "platform"],
    ["explain", "serving.replicas"],
    ["rule"],
    ["schema"],
)
OPENERS = ("socket", "create_connection", "create_server", "getaddrinfo", "gethostbyname", "socketpair", "fromfd")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nothing can be opened."""

    def opened(*arguments: Any, **keywords: Any) -> NoReturn:
        raise AssertionError(f"a connection was opened: {arguments}")

    for name in OPENERS:
        monkeypatch.setattr(socket, name, opened)


@pytest.mark.usefixtures("offline")
def test_no_command_opens_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Offline: no command but `publish` opens a connection."""
    monkeypatch.chdir(tmp_path)
    for command in COMMANDS:
        monkeypatch.setattr(sys, "argv", ["mlgen", *command])
        assert main() == 0, (command, capfd.readouterr())
    assert (tmp_path / "platform" / "overlays" / "churn" / "prod").is_dir()


@pytest.mark.usefixtures("offline")
def test_a_connection_would_be_seen() -> None:
    """The law above can fail."""
    with pytest.raises(AssertionError, match="a connection was opened"):
        socket.create_connection(("registry.example.com", 443))
