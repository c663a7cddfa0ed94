"""What a user names -> an address that git may be given, and how it may be shown."""

from pathlib import Path

import pytest

from mlgen.problem import MlgenError
from mlgen.repo.address import parse, redacted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://git.example.com/acme/deploy.git", "https://git.example.com/acme/deploy.git"),
        ("https://git.example.com:8443/a", "https://git.example.com:8443/a"),
        ("https://anna:hunter22@git.example.com/a", "https://git.example.com/a"),
        ("https://hunter22@git.example.com/a", "https://git.example.com/a"),
        ("https://git.example.com/a?token=hunter22&x=y#hunter22", "https://git.example.com/a"),
        ("https://git.example.com/ghp_" + "a1B2" * 9, "https://git.example.com/" + "*" * 40),
        ("ssh://git@git.example.com:22/a", "ssh://git@git.example.com:22/a"),
        ("ssh://git:hunter22@git.example.com/a", "ssh://git@git.example.com/a"),
        ("git@git.example.com:acme/deploy.git", "git@git.example.com:acme/deploy.git"),
        ("git.example.com:a", "git.example.com:a"),
        ("http://127.0.0.1:80/a", "http://127.0.0.1:80/a"),
        ("http://[::1]/a", "http://[::1]/a"),
        ("http://localhost/a", "http://localhost/a"),
    ],
)
def test_an_address_is_shown_without_what_logs_in(tmp_path: Path, text: str, shown: str) -> None:
    found = parse(text, tmp_path)
    assert (found.url, found.shown) == (text, shown)
    said = redacted(f"fatal: unable to access '{text}': 403", *found.secrets)
    assert "hunter22" not in said


def test_a_folder_is_named_by_its_whole_path(tmp_path: Path) -> None:
    (tmp_path / "--upload-pack=x").mkdir()
    (tmp_path / "a b").mkdir()
    for name in ("./--upload-pack=x", "a b"):
        assert parse(name, tmp_path).url == str(tmp_path / name)
    assert parse(f"file://{tmp_path}/a%20b", tmp_path).url == str(tmp_path / "a b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-x",
        "--upload-pack=x",
        "nowhere",
        "ext::sh -c x",
        "fd::3",
        "a+b::c",
        "http://git.example.com/a",
        "git://git.example.com/a",
        "ftp://git.example.com/a",
        "javascript://x/y",
        "https://",
        "https:///a",
        "https://-x/a",
        "https://a b/c",
        "https://a/b\n",
        "https://a/%0a",
        "https://a/b\\c",
        "https://a:b/c",
        "https://[::1/a",
        "ssh://-oProxyCommand=x/a",
        "ssh://-x@host/a",
        "-x@host:a",
        "a@-x:b",
        "a@b:-c",
        "a@b:c d",
        "a@b@c:d",
        "file://host/a",
        "file:///nowhere/at/all",
        "file:///tmp?x",
        "/tmp\u202e",
        "\u0000",
        "x" * 2001,
    ],
)
def test_what_nothing_is_pushed_to(tmp_path: Path, text: str) -> None:
    with pytest.raises(MlgenError) as caught:
        parse(text, tmp_path)
    assert [problem.rule for problem in caught.value.problems] == ["unsafe-address"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("fatal: 'https://a:b@c/d?e=f' is gone", "fatal: 'https://c/d' is gone"),
        ("see https://c/d?token=x and ssh://u@h/p", "see https://c/d and ssh://h/p"),
        ("nothing", "nothing"),
        ("key is swordfish", "key is ***"),
    ],
)
def test_a_complaint_is_shown_without_them_too(text: str, shown: str) -> None:
    assert redacted(text, "swordfish") == shown


def test_only_loopback_may_be_spoken_to_in_the_open(tmp_path: Path) -> None:
    assert parse("http://127.0.0.1/a", tmp_path).protocols == "https:ssh:file:http"
    assert parse("https://a.example.com/a", tmp_path).protocols == "https:ssh:file"
