"""Manifests of a dozen real projects, and scalars that nobody writes, are read as a real kubectl reads them.

`kubectl annotate --local` prints what it has read, of any kind and without a cluster, with one annotation more.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Run
from tests.nasty import STRINGS
from tests.scalar_test import stands_bare

from mlgen.document import kubectl as ours
from mlgen.document import parse
from mlgen.document.scalar import Unread
from mlgen.node import Json
from mlgen.patch import same
from mlgen.problem import errors

MARK = "mlgen.test/read"
HEAD = "apiVersion: mlgen.test/v1\nkind: Odd\nmetadata: {name: odd}\n"


def read_by_kubectl(kubectl: Run, *files: Path) -> list[Any]:
    """The objects of all files in order, a list's items one by one, without the annotation."""
    arguments = [argument for file in files for argument in ("-f", str(file))]
    text = kubectl("annotate", "--local", "-o", "json", f"{MARK}=yes", *arguments)
    return [unmarked(found) for found in json_stream(text)]


def json_stream(text: str) -> Iterator[Any]:
    decoder, text = json.JSONDecoder(), text.lstrip()
    while text:
        found, end = decoder.raw_decode(text)
        yield found
        text = text[end:].lstrip()


def unmarked(found: Any) -> Any:
    annotations = found["metadata"]["annotations"]
    del annotations[MARK]
    if not annotations:
        del found["metadata"]["annotations"]
    return found


def objects(document: Json) -> Iterator[Json]:
    """What kubectl takes a document for: the items of a list, or itself."""
    if isinstance(document, dict) and isinstance(items := document.get("items"), list):
        for item in items:
            yield from objects(item)
    else:
        yield document


def read_by_us(file: Path) -> list[Json]:
    parsed = parse(file.read_bytes(), file=file.name, dialect="kubernetes")
    assert not errors(parsed.problems), file.name
    return [found for root in parsed.documents for found in objects(root.plain())]


def bare(value: Json) -> Json:
    """Without an empty map of annotations, or an empty metadata: kubectl had to make them."""
    assert isinstance(value, dict)
    metadata = value.get("metadata") or {}
    assert isinstance(metadata, dict)
    metadata = {key: item for key, item in metadata.items() if key != "annotations" or item}
    return {key: item for key, item in value.items() if key != "metadata"} | (
        {"metadata": metadata} if metadata else {}
    )


@pytest.mark.parametrize("folder", ["samples", "accepted"])
def test_samples_are_read_as_kubectl_reads_them(folder: str, kubectl: Run, shared: Path) -> None:
    files = sorted((shared / folder).rglob("*.yaml"))
    assert files, "no file is left out: kubectl reads them all"
    found = [(file.name, value) for file in files for value in read_by_us(file)]
    theirs = read_by_kubectl(kubectl, *files)
    assert len(found) == len(theirs)
    assert [
        name for (name, value), other in zip(found, theirs, strict=True) if not same(bare(value), bare(other))
    ] == []


@pytest.mark.parametrize("folder", ["samples", "accepted"])
def test_every_value_of_a_sample_has_its_place(folder: str, shared: Path) -> None:
    for file in sorted((shared / folder).rglob("*.yaml")):
        parsed = parse(file.read_bytes(), file=file.name, dialect="kubernetes")
        lines = parsed.text.split("\n")
        for root in parsed.documents:
            for path, node in root.leaves():
                start, end = node.span[1:3], node.span[3:5]
                assert (1, 1) <= start <= end <= (len(lines), len(lines[-1]) + 1), f"{file.name}: {path}"
                if node.text and start[0] == end[0]:
                    assert lines[start[0] - 1][start[1] - 1 : end[1] - 1].endswith(node.text), f"{file.name}: {path}"


def test_nasty_scalars_and_keys_are_read_as_kubectl_reads_them(kubectl: Run, tmp_path: Path) -> None:
    texts = [text for text in STRINGS if len(text) < 1000 and text.isascii() and text.isprintable()]
    texts = [text for text in texts if stands_bare(text) and not isinstance(ours.plain(text), Unread)]
    keys = [text for text in texts if text != "<<" and not isinstance(ours.key(ours.plain(text), text), Unread)]
    assert len(keys) > 3000
    lines = [f"- {text}" for text in texts] + ["keys:"] + [f"- ? {text}\n  : 1" for text in keys]
    file = tmp_path / "odd.yaml"
    file.write_text(HEAD + "values:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (mine,), (theirs,) = read_by_us(file), read_by_kubectl(kubectl, file)
    assert isinstance(mine, dict)
    for part, written in (("values", texts), ("keys", keys)):
        found = mine[part]
        assert isinstance(found, list)
        wrong = [
            (text, one, other)
            for text, one, other in zip(written, found, theirs[part], strict=True)
            if not alike(one, other)
        ]
        assert not wrong


def alike(one: Json, other: Json) -> bool:
    """Equal; a number beyond 64 bits is a float to us, and kubectl prints it without a point."""
    if isinstance(one, float) and type(other) is int:
        return float(other) == one and not -(2**63) <= other < 2**63
    return same(one, other)
