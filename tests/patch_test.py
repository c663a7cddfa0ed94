"""Differences read well, undo themselves, and do in a real Kustomize what they do here."""

import copy
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Build
from tests.nasty import STRINGS, kustomize_rewrites

from mlgen.emit import dump, dump_all
from mlgen.patch import apply, diff, same

LEAVES = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from([0.0, 1.0, 0.5]) | st.sampled_from("abc")
KEYS = st.sampled_from(["a", "b", "name", "a/b", "m~n", "~1", "", "0", "-"])
TREES = st.recursive(LEAVES, lambda item: st.lists(item, max_size=5) | st.dictionaries(KEYS, item, max_size=4))
NAMED = st.lists(
    st.builds(lambda name, tree: {"name": name, "a": tree}, st.sampled_from("abcdef"), TREES), max_size=5,
    unique_by=lambda item: item["name"],
)  # fmt: skip


@given(TREES, TREES)
def test_apply_is_the_inverse_of_diff(old: Any, new: Any) -> None:
    before = copy.deepcopy((old, new))
    assert same(apply(old, diff(old, new)), new)
    assert same(list(before), [old, new])


@given(NAMED, NAMED)
def test_apply_is_the_inverse_of_diff_for_named_items(old: Any, new: Any) -> None:
    assert same(apply(old, diff(old, new)), new)


@given(TREES)
def test_nothing_between_a_value_and_itself(value: Any) -> None:
    assert diff(value, copy.deepcopy(value)) == []
    assert same(apply(value, []), value)


@pytest.mark.parametrize(("left", "right"), [(1, True), (1, 1.0), (0, False), ("", None), ([], {}), ("1", 1)])
def test_types_are_told_apart(left: Any, right: Any) -> None:
    pairs: list[tuple[Any, Any]] = [({"a": [left]}, {"a": [right]}), ([{"a": right}], [{"a": left}])]
    for old, new in pairs:
        assert not same(old, new)
        assert same(apply(old, diff(old, new)), new)


def lines(operations: list[Any]) -> list[str]:
    return [" ".join(str(part) for part in operation.values()) for operation in operations]


@pytest.mark.parametrize(
    ("old", "new", "read"),
    [
        ({"a": 1, "b": 2, "c": 3}, {"c": 4, "a": 1, "d": {}}, ["remove /b", "replace /c 4", "add /d {}"]),
        ({"a/b": {"m~n": 1, "x": 0}}, {"a/b": {"m~n": 2, "x": 0}}, ["replace /a~1b/m~0n 2"]),
        ({"a": {"x": 1}}, {"a": {"y": 1}}, ["replace /a {'y': 1}"]),
        ({"a": {"x": 1}}, {"a": {}}, ["remove /a/x"]),
        ({"a": {}}, {"a": {"y": 1}}, ["add /a/y 1"]),
        ({"x": 1}, {"y": 1}, ["remove /x", "add /y 1"]),
        ({"a": [1, 2]}, {"a": {"b": 1}}, ["replace /a {'b': 1}"]),
        ([1, 2, 3, 4], [1, 2, 9, 4], ["replace /2 9"]),
        ([1, 2, 3], [4, 5, 6], ["replace  [4, 5, 6]"]),
        ([1, 2, 3, 4, 5], [1, 2, 3], ["remove /4", "remove /3"]),
        ([1, 2, 3], [1, 2, 3, 4], ["add /- 4"]),
        ([1, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6], ["add /0 0", "add /2 2"]),
        ([1, 1, 1, 1], [1, 1, 1], ["replace  [1, 1, 1]"]),
        ([], [1], ["add /- 1"]),
        ([{"effect": "a"}], [{"effect": "b"}], ["replace /0/effect b"]),
    ],
)
def test_reads_well(old: Any, new: Any, read: list[str]) -> None:
    assert lines(diff(old, new)) == read


def test_items_are_known_by_their_names() -> None:
    log = {"name": "log", "image": "b"}
    old: list[Any] = [{"name": "main", "image": "a", "args": ["x"]}, log, {"name": "old"}]
    new: list[Any] = [{"name": "init"}, {"name": "main", "image": "c", "args": ["x"]}, {**log, "tty": True}]
    assert diff({"containers": old}, {"containers": new}) == [
        {"op": "remove", "path": "/containers/2"},
        {"op": "add", "path": "/containers/0", "value": {"name": "init"}},
        {"op": "replace", "path": "/containers/1/image", "value": "c"},
        {"op": "add", "path": "/containers/2/tty", "value": True},
    ]


def test_keys_of_an_operation_are_in_order() -> None:
    for operation in diff({"a": 1, "b": 1}, {"b": 2, "c": 3}):
        assert list(operation) == ["op", "path", "value"][: len(operation)]


@pytest.mark.parametrize(
    ("operation", "document"),
    [
        ({"op": "remove", "path": "/b"}, {"a": 1}),
        ({"op": "replace", "path": "/b", "value": 1}, {"a": 1}),
        ({"op": "replace", "path": "/a/b", "value": 1}, {"a": 1}),
        ({"op": "add", "path": "/a/b", "value": 1}, {"a": 1}),
        ({"op": "add", "path": "/3", "value": 1}, [1, 2]),
        ({"op": "add", "path": "/01", "value": 1}, [1, 2]),
        ({"op": "add", "path": "/-1", "value": 1}, [1, 2]),
        ({"op": "remove", "path": "/-"}, [1, 2]),
        ({"op": "remove", "path": "/²"}, [1, 2, 3]),
        ({"op": "move", "path": "/a", "from": "/b"}, {"a": 1, "b": 2}),
    ],
)
def test_what_cannot_be_done_is_said(operation: Any, document: Any) -> None:
    with pytest.raises(ValueError, match=f"cannot {operation['op']} '{operation['path']}'"):
        apply(document, [operation])


TEXTS = [text for text in STRINGS if kustomize_rewrites(text)]


def scalar(chance: random.Random) -> Any:
    return chance.choice([True, False, 0, 1, -7, 2**31, 2**53 - 1, 0.5, chance.choice(TEXTS), chance.choice(TEXTS)])


def tree(chance: random.Random, depth: int) -> Any:
    """A small JSON value without nulls, as our documents are."""
    kind = chance.choice("mmln") if depth else "s"
    if kind == "m":
        keys = chance.sample(["a", "b/c", "d~e", "f.g", "0"], chance.randrange(4))
        return {key: tree(chance, depth - 1) for key in keys}
    if kind == "n":
        names = chance.sample("abcdef", chance.randrange(5))
        return [{"name": name, "x": tree(chance, depth - 1)} for name in names]
    return [tree(chance, depth - 1) for _ in range(chance.randrange(5))] if kind == "l" else scalar(chance)


def changed(chance: random.Random, value: Any, depth: int) -> Any:
    """Something like ``value``: entries changed, added, taken away."""
    if chance.random() < 0.2 or not isinstance(value, (dict, list)):
        return tree(chance, depth)
    if isinstance(value, list):
        items = [changed(chance, item, depth) if chance.random() < 0.3 else item for item in value]
        items = [item for item in items if chance.random() < 0.85]
        for _ in range(chance.choice([0, 0, 1, 2])):
            items.insert(chance.randrange(len(items) + 1), tree(chance, depth))
        return items
    kept = {key: item for key, item in value.items() if key == "name" or chance.random() < 0.85}
    new = {f"new/{chance.randrange(9)}": tree(chance, depth)} if chance.random() < 0.3 else {}
    return {key: changed(chance, item, depth) if key != "name" and chance.random() < 0.4 else item
            for key, item in (kept | new).items()}  # fmt: skip


def config_map(chance: random.Random, name: str) -> tuple[Any, Any]:
    texts = {f"k{index}": chance.choice(TEXTS) for index in range(6)}
    other = {key: chance.choice(TEXTS) if chance.random() < 0.4 else text for key, text in texts.items()}
    old = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "annotations": texts}, "data": texts}
    return old, {**old, "data": other | {f"n/{chance.randrange(9)}": chance.choice(TEXTS)}}


def widget(chance: random.Random, name: str) -> tuple[Any, Any]:
    spec = tree(chance, 3)
    old = {"apiVersion": "example.dev/v1", "kind": "Widget", "metadata": {"name": name}, "spec": {"x": spec, "keep": 1}}
    return old, {**old, "spec": {"x": changed(chance, spec, 2), "keep": 1}}


def deployment(chance: random.Random, name: str) -> tuple[Any, Any]:
    def one() -> Any:
        containers = [
            {"name": name, "image": f"{name}:{chance.randrange(2)}", "args": chance.choices(["-a", "1e3", "no"], k=2),
             "env": [{"name": key, "value": scalar(chance)} for key in chance.sample("ABC", 2)],
             "resources": {"limits": {"cpu": "1"} | ({"nvidia.com/gpu": 1} if chance.random() < 0.5 else {})}}
            for name in ("init", "main", "log", "proxy") if chance.random() < 0.7
        ]  # fmt: skip
        tolerations = [{"key": key, "operator": "Exists"} for key in "abc" if chance.random() < 0.5]
        pod = {"containers": containers, "tolerations": tolerations, "volumes": [], "securityContext": {}}
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
                "spec": {"replicas": chance.randrange(3), "template": {"spec": pod}}}  # fmt: skip

    return one(), one()


def patched_by_kustomize(pairs: list[tuple[Any, Any]], build: Build, folder: Path) -> list[Any]:
    """The first of each pair, patched by Kustomize with our operations: each patch a file, for Kustomize strips
    the text of inline ones, and with it the last line end of a block scalar."""
    patches: list[Any] = []
    for old, new in pairs:
        if operations := diff(old, new):
            name = f"{old['metadata']['name']}.yaml"
            (folder / name).write_text(dump([*operations]), encoding="utf-8")
            patches.append({"path": name, "target": {"kind": old["kind"], "name": old["metadata"]["name"]}})
    (folder / "all.yaml").write_text(dump_all(old for old, _ in pairs), encoding="utf-8")
    (folder / "kustomization.yaml").write_text(dump({"resources": ["all.yaml"], "patches": patches}), encoding="utf-8")
    built = {thing["metadata"]["name"]: thing for thing in build(folder)}
    return [built[new["metadata"]["name"]] for _, new in pairs]


def check(kustomize: Build, folder: Path, seed: int, count: int) -> None:
    chance = random.Random(seed)
    kinds = (config_map, widget, deployment)
    pairs = [kinds[number % 3](chance, f"object-{number}") for number in range(count)]
    assert sum(len(diff(old, new)) for old, new in pairs) > count
    for (old, new), built in zip(pairs, patched_by_kustomize(pairs, kustomize, folder), strict=True):
        assert same(built, new), (diff(new, built), diff(old, new))


def test_kustomize_patches_to_the_same(kustomize: Build, tmp_path: Path) -> None:
    check(kustomize, tmp_path, seed=1, count=120)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(2, 32))
def test_kustomize_patches_to_the_same_at_length(kustomize: Build, tmp_path: Path, seed: int) -> None:
    check(kustomize, tmp_path, seed, count=100)
