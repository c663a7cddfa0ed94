"""The quick reader of manifests: either it says what the careful one says, or it says nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bench import corpus
from tests.conftest import ROOT
from tests.nasty import STRINGS, TEXT

from mlgen.document import parse, values
from mlgen.patch import same

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))


def carefully(data: bytes) -> list[Any] | None:
    parsed = parse(data, file="f", dialect="kubernetes")
    return None if parsed.problems else [root.plain() for root in parsed.documents]


def agrees(data: bytes) -> bool:
    """Whether the quick reader had something to say; it is wrong if that is something else."""
    found = values(data)
    if found is None:
        return False
    careful = carefully(data)
    assert careful is not None, "it passes over what is a problem"
    assert same(found, careful)
    return True


def test_every_manifest_of_the_benchmark_is_read_quickly() -> None:
    assert all(agrees(text.encode()) for _, text in corpus.manifests())


def test_the_rendered_objects_are_read_quickly() -> None:
    assert all(agrees(path.read_bytes()) for path in sorted((ROOT / "overlays").rglob("*.yaml")))


@pytest.mark.parametrize("folder", ["samples", "accepted", "refused", "crds"])
def test_samples_are_read_alike(folder: str, shared: Path) -> None:
    files = sorted(path for path in (shared / folder).rglob("*") if path.suffix in (".yaml", ".json"))
    assert sum(agrees(path.read_bytes()) for path in files) > len(files) * 0.5, "and most of them quickly"


def test_nasty_scalars_are_read_alike() -> None:
    for form in (
        "- {}\n",
        "k: {}\n",
        "{}: v\n",
        "k: [{}]\n",
        "k: {{a: {}}}\n",
        'k: "{}"\n',
        "k: '{}'\n",
        "k: |\n  {}\n",
    ):
        for text in STRINGS:
            agrees(form.format(text).encode(errors="surrogatepass"))


@given(tree=TREES, text=TEXT)
def test_any_json_is_read_alike(tree: Any, text: str) -> None:
    written = json.dumps({"a": tree, text: tree})
    agrees(written.encode())
    agrees(f"---\n{written}\n---\n- {written}\n".encode())


@given(text=st.text("ab:-?#'\"[]{},&*!|>%@ \n\\~01", max_size=24))
def test_any_text_is_read_alike(text: str) -> None:
    agrees(text.encode())
    agrees(f"k: {text}\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a: 1\na: 2\n",
            "a: &b 1\n",
            "a: !!str 1\n",
            "a: .nan\n",
            "1: a\n",
            "? [a]\n: b\n",
            "<<: {}\n",
            "%YAML 1.1\n---\na: b\n",
        ),
        *(
            "a: b\n...\n",
            "--- a\n",
            'a: "\\x07"\n',
            "a: b\x00\n",
            "a: \ufeffb\n",
            "a: [b\n",
            '{"a": 1, "a": 2}',
            '{"a": NaN}',
        ),
        *('{"a": 1} x', '{"a": "\\u0007"}', "[" * 200, '{"a":' * 200),
    ],
)
def test_what_is_odd_is_for_the_careful_reader(text: str) -> None:
    assert values(text.encode()) is None
