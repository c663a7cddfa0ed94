"""Rendered projects -> the files of a branch, by folder; these and what lies there -> what to write and remove."""

import hashlib

from tests.small import platform

from mlgen import engine, layout, lock
from mlgen.layout import blocked, digest, folders, owned, step

SPEC = """
    image: demo:1.0
    workloads: {train: {kind: job}}
"""


def rendered() -> engine.Rendered:
    return engine.render(platform(SPEC), ["demo"])


def locked(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in {**files, lock.NAME: lock.dump(files, [])}.items()}


def test_each_layout_has_its_folders_and_each_folder_a_lock() -> None:
    overlays, hydrated = (folders(rendered(), name) for name in layout.LAYOUTS)
    assert set(overlays) == {"overlays/demo/dev"}
    assert set(hydrated) == {"dev/demo"}
    for below in (*overlays.values(), *hydrated.values()):
        found = lock.parse(below[lock.NAME])
        assert found is not None
        assert found.files == {path: lock.digest(text.encode()) for path, text in below.items() if path != lock.NAME}


def test_a_digest_is_of_what_sha256sum_prints() -> None:
    line = f"{hashlib.sha256(b'x').hexdigest()}  a/b/c\n"
    assert digest({"a/b": {"c": "x"}}) == hashlib.sha256(line.encode()).hexdigest()
    assert digest({"a/b": {"c": "x"}}) != digest({"a": {"b/d": "x"}})


def test_a_folder_is_mlgens_by_its_lock() -> None:
    paths = ["overlays/a/dev/mlgen.lock", "overlays/a/mlgen.lock", "dev/a/mlgen.lock", "dev/b/x.yaml", "mlgen.lock"]
    assert owned(paths, "overlays") == {"overlays/a/dev": "a"}
    assert owned(paths, "hydrated") == {"dev/a": "a"}


def test_what_lies_where_a_folder_has_to_be() -> None:
    found = blocked({"overlays/a/dev": {}}, ["overlays/a", "overlays/b", "overlays/a/dev/x", "overlay"])
    assert [(problem.rule, problem.span.file) for problem in found] == [("foreign-file", "overlays/a")]
    assert [problem.span.file for problem in blocked({"a/b/c": {}}, ["a", "a/b/c"])] == ["a", "a/b/c"]


def test_what_is_written_and_what_goes() -> None:
    old, new = {"x.yaml": "# old\n", "y.yaml": "# y\n"}, {"x.yaml": "# new\n"}
    wanted = {"overlays/a/dev": {**new, lock.NAME: lock.dump(new, [])}}
    present = {"overlays/a/dev": locked(old), "overlays/a/qa": {**locked(old), "mine": b"mine"}}
    found = step(wanted, present)
    assert {path: data is None for path, data in found.changes.items()} == {
        "overlays/a/dev/mlgen.lock": False,
        "overlays/a/dev/x.yaml": False,
        "overlays/a/dev/y.yaml": True,
        "overlays/a/qa/mlgen.lock": True,
        "overlays/a/qa/x.yaml": True,
        "overlays/a/qa/y.yaml": True,
    }
    assert [(problem.rule, problem.severity) for problem in found.problems] == [("foreign-file", "warning")]
    assert step(
        wanted, {"overlays/a/dev": {path: text.encode() for path, text in wanted["overlays/a/dev"].items()}}
    ) == (
        {},
        (),
        (),
    )
