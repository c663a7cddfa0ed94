"""What a user or a remote's configuration names -> an address that git may be given, and how it may be shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from mlgen.masking import without_tokens
from mlgen.problem import MlgenError, Problem
from mlgen.repo.command import NOWHERE

LONGEST = 2000
NETWORK = "https:ssh:file"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+:[0-9A-Fa-f:.]+", re.ASCII)
USER = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._+-]*)", re.ASCII)
LIKE_SCP = re.compile(r"(?:(?P<user>[^@:/]+)@)?(?P<host>[^@:/]+):(?P<path>[^:].*)")
USERINFO = re.compile(r"(?<=://)[^/\s'\"@]*@")
QUERY = re.compile(r"(://[^\s'\"?#]*)[?#][^\s'\"]*")


class Address(NamedTuple):
    """Where a repository is. ``url`` may hold a credential; ``shown`` holds none."""

    url: str
    shown: str
    secrets: tuple[str, ...] = ()

    @property
    def protocols(self) -> str:
        """What git may speak to reach it; never a helper that runs commands."""
        return f"{NETWORK}:http" if self.url.startswith("http://") else NETWORK


def parse(text: str, folder: Path) -> Address:
    """The address that ``text`` is: https, ssh, user@host:path, a folder (from ``folder``), or file; http to loopback.

    Raises MlgenError for any other: git would take some for an option, others for a command.
    """
    if not text or len(text) > LONGEST or not text.isprintable() or text.startswith("-"):
        raise _unsafe("it is empty, too long, an option, or has characters that are not shown")
    if "://" in text:
        return _of_url(text)
    if re.match(r"[A-Za-z0-9+.-]+::", text):
        raise _unsafe("it names a program that git would run")
    head = text.partition("/")[0]
    if ":" in head:
        return _like_scp(text)
    return _of_folder(folder / text)


def redacted(text: str, *secrets: str) -> str:
    """``text``, such as git's complaint, without ``secrets`` and whatever stands where addresses keep theirs."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return without_tokens(QUERY.sub(r"\1", USERINFO.sub("", text)))


def _of_url(text: str) -> Address:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _unsafe("it is no URL") from None
    if re.search(r"\s|\\", text) or not unquote(text, errors="replace").isprintable():
        raise _unsafe("it has a space, a backslash or characters that are not shown")
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
            raise _unsafe("a file URL is file:///path/of/a/repository")
        return _of_folder(Path(unquote(parts.path)))
    host = parts.hostname or ""
    if not HOST.fullmatch(host):
        raise _unsafe("its host is none")
    if parts.scheme not in ("https", "ssh") and not (parts.scheme == "http" and host in LOOPBACK):
        raise _unsafe(f"git may not speak {parts.scheme if parts.scheme.isalnum() else 'that'} to it")
    if parts.scheme == "ssh" and not USER.fullmatch(parts.username or "git"):
        raise _unsafe("its user is none")
    where = f"[{host}]" if ":" in host else host
    user = f"{parts.username}@" if parts.scheme == "ssh" and parts.username else ""
    shown = f"{parts.scheme}://{user}{where}{f':{port}' if port else ''}{without_tokens(parts.path)}"
    return Address(text, shown, _secrets(parts))


def _secrets(parts: SplitResult) -> tuple[str, ...]:
    """What of a URL may not be shown, as it stands and decoded; the name of a user of ssh may."""
    found = [parts.password or "", parts.query, parts.fragment, *parts.query.split("&")]
    found += [pair.partition("=")[2] for pair in parts.query.split("&")]
    found += [parts.username or ""] if parts.scheme != "ssh" else []
    return tuple(sorted({form for one in found if len(one) > 2 for form in (one, unquote(one))}))


def _like_scp(text: str) -> Address:
    match = LIKE_SCP.fullmatch(text)
    if match is None or not HOST.fullmatch(match["host"]) or not USER.fullmatch(match["user"] or "git"):
        raise _unsafe("it is no user@host:path")
    if match["path"].startswith("-") or re.search(r"[\s\\]", text):
        raise _unsafe("its path looks like an option, or has a space")
    return Address(text, text)


def _of_folder(path: Path) -> Address:
    """A repository on this machine, by its whole path, which is no option whatever its name is."""
    if not path.is_dir():
        raise _unsafe("there is no such folder, and it is no https:// or ssh:// URL")
    whole = str(path.resolve())
    if not whole.isprintable():
        raise _unsafe("its path has characters that are not shown")
    return Address(whole, whole)


def _unsafe(why: str) -> MlgenError:
    """It is not repeated, because it may hold a credential."""
    message = f"what is named as the repository cannot be published to: {why}"
    hint = "name a remote, a folder, https://HOST/PATH, ssh://USER@HOST/PATH or USER@HOST:PATH"
    return MlgenError(Problem("unsafe-address", NOWHERE, message, hint))
