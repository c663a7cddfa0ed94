"""Keys of annotations that Kustomize cannot build, as a real Kustomize says."""

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Build
from tests.nasty import NUMBERS, WORDS, cases

from mlgen import emit
from mlgen.checks.unbuildable_text import NO_TEXT

# What Kubernetes takes for a key: letters, digits, and `-`, `_`, `.` between them.
ALLOWED = "-_."
KEYS = sorted({key for word in (*WORDS, *NUMBERS, "123abc", "1x") for key in cases(word) if key.isascii()})


def is_key(text: str) -> bool:
    inner = text.replace("-", "a").replace("_", "a").replace(".", "a")
    return inner.isalnum() and text[0] not in ALLOWED and text[-1] not in ALLOWED


@pytest.mark.parametrize("number", range(4))
def test_the_keys_that_are_let_through_are_built(number: int, kustomize: Build, tmp_path: Path) -> None:
    """All in one object, for one that is not would stop the whole."""
    keys = [key for key in KEYS if is_key(key) and not NO_TEXT.fullmatch(key)][number::4]
    account: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "a", "annotations": dict.fromkeys(keys, "")},
    }
    (tmp_path / "account.yaml").write_text(emit.dump(account), "utf-8")
    (tmp_path / "kustomization.yaml").write_text("resources: [account.yaml]\n", "utf-8")
    assert kustomize(tmp_path) == [account]


def test_numbers_and_dates_are_not_and_names_are() -> None:
    assert all(map(NO_TEXT.fullmatch, ["12", "1e3", "1.5", "0x1F", "0o17", "1_000", "2024-01-01", "true", "Null"]))
    assert not any(map(NO_TEXT.fullmatch, ["a12", "1x", "example.com/12", "yes", "on", "1.2.3"]))
