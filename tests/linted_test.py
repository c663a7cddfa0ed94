"""Files of manifests and what is wrong with them: places, odd documents, lists, bases; and that nothing can stop it."""

import random
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nasty import TEXT

from mlgen import document, emit, updates
from mlgen.gathered import Setting
from mlgen.linted import lint
from mlgen.placing import place
from mlgen.problem import Fault, Problem

SETTING = Setting("1.35")
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
    - name: server
      image: x:1
      env: [{name: A}]
  volumes:
    -
      name: v
    - - nested
"""


def found(*texts: str, before: str = "") -> list[tuple[str, str, int, int]]:
    files = {f"{number}.yaml": text.encode() for number, text in enumerate(texts)}
    linted = lint(files, SETTING, {"before.yaml": before.encode()} if before else {})
    return [(p.rule, p.span.file, p.span.line, p.span.column) for p in linted.problems]


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ((), "Pod"),
        (("kind",), "Pod"),
        (("metadata",), "metadata"),
        (("metadata", "name"), "a"),
        (("metadata", "namespace"), "metadata"),
        (("spec", "containers", 0), "name: server"),
        (("spec", "containers", 0, "image"), "x:1"),
        (("spec", "containers", 0, "ports"), "name: server"),
        (("spec", "containers", 7), "containers"),
        (("spec", "containers", 0, "env", 0), "{name: A}"),
        (("spec", "volumes", 0), "name: v"),
        (("spec", "volumes", 1), "- nested"),
        (("nothing", "below", 3), "Pod"),
    ],
)
def test_the_place_of_a_path(path: tuple[str | int, ...], marked: str) -> None:
    (root,) = document.parse(POD.encode(), file="f", dialect="kubernetes").documents
    span = place(root, path)
    assert span.line == span.end_line
    assert POD.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1] == marked


def test_the_place_of_a_key_that_is_not_known_is_the_key() -> None:
    (root,) = document.parse(b"a: 1\nkind: B\n", file="f", dialect="kubernetes").documents
    assert place(root, ("a",), "kubernetes-unknown-field")[1:] == (1, 1, 1, 2)
    assert place(root, ("a",))[1:] == (1, 4, 1, 5)


def test_documents_are_counted_without_those_that_say_nothing() -> None:
    good = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    bad = f"{good}data: {{a: 1}}\n"
    assert found(f"---\n# nothing\n---\n{good}---\n---\n{bad}") == [("kubernetes-wrong-type", "0.yaml", 12, 11)]
    assert found(good, f"{good}---\n{bad}", good) == [("kubernetes-wrong-type", "1.yaml", 8, 11)]


def test_what_is_no_object_is_said_where_it_stands() -> None:
    text = (
        "- a\n---\nb: c\n---\napiVersion: v1\nkind: List\nitems:\n- d\n- apiVersion: v1\n  kind: List\n  items: [e]\n"
    )
    assert [place[2:] for place in found(text)] == [(1, 1), (3, 1), (8, 3), (11, 11)]
    assert {rule for rule, *_ in found(text)} == {"not-an-object"}


def test_a_kustomization_and_a_spec_are_told_what_reads_them() -> None:
    linted = lint({"a": b"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n"}, SETTING)
    (problem,) = linted.problems
    assert problem.message == "`Kustomization` is no object of a cluster"
    assert "kustomize build" in problem.help
    assert linted.objects == 0


def test_an_alias_leads_to_what_it_stands_for() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a, odd: 1}\ndata: {}\n"
    assert found(text) == [("kubernetes-unknown-field", "0.yaml", 3, 24)]
    twice = f"{text}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: b}}\nstringData: &s {{a: 1}}\ndata: *s\n"
    assert [line for _, _, line, _ in found(twice)].count(3) == 1


def test_json_is_placed_too() -> None:
    text = '{"apiVersion": "v1", "kind": "ConfigMap",\n "metadata": {"name": "a"}, "data": {"a": 1}}'
    assert found(text) == [("kubernetes-wrong-type", "0.yaml", 2, text.split("\n")[1].index("1") + 1)]
    two = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a\\/b"}, "data": {"a": 1}} {"kind": 1}'
    assert ("kubernetes-wrong-type", "0.yaml", 1, two.index("1}}") + 1) in found(two)
    assert ("kubernetes-missing-field", "0.yaml", 1, 1) in found(two), "YAML has no second one, and kubectl has"


class Changed:
    """A stand-in for the rules about updates: what is called differently is wrong."""

    @staticmethod
    def check(before: Any, after: Any) -> list[Fault]:
        return [Fault(("data",), "kubernetes-wrong-value", "changed")] if before["data"] != after["data"] else []


def test_an_object_is_compared_with_its_base() -> None:
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}, namespace: {}}}\n"
    after = f"{head.format('a', 'x')}data: {{k: b}}\n---\n{head.format('b', 'x')}data: {{k: b}}\n"
    before = f"{head.format('a', 'x')}data: {{k: a}}\n---\n{head.format('b', 'y')}data: {{k: a}}\n"
    with mock.patch.object(updates, "check", Changed.check):
        assert found(after, before=before) == [("kubernetes-wrong-value", "0.yaml", 4, 1)]
        assert found(after) == []


def test_the_texts_are_made_when_they_are_asked_for_and_show_no_secret() -> None:
    linted = lint({"a.yaml": b"password: hunter2\n", "b.yaml": b"\xff"}, SETTING)
    assert linted.sources["a.yaml"] == "password: *******\n"
    assert list(linted.sources) == ["a.yaml", "b.yaml"]
    assert [problem.rule for problem in linted.problems] == ["not-an-object", "not-utf8"]


KINDS = st.sampled_from(["Pod", "List", "Deployment", "PodList", "Job", "Service", "ConfigMap", "x", "", 3, None])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("items spec metadata kind a".split()), inner)
    ),
    max_leaves=8,
)
OBJECTS = st.fixed_dictionaries(
    {},
    optional={
        "apiVersion": st.sampled_from(["v1", "apps/v1", "batch/v1", 1, None, "a.b/c"]),
        "kind": KINDS,
        "spec": TREES,
        "items": TREES,
    },
)


@given(objects=st.lists(OBJECTS | TREES, max_size=4))
def test_whatever_is_written_it_never_raises(objects: list[Any]) -> None:
    text = "---\n".join(emit.dump(one) if isinstance(one, dict) else f"{one!r}\n" for one in objects)
    for problem in lint({"f.yaml": text.encode(errors="replace")}, SETTING).problems:
        assert isinstance(problem, Problem)
        assert problem.span.line >= 1


def test_whatever_bytes_are_there_it_never_raises() -> None:
    draw = random.Random(1)
    base = POD.encode()
    for _ in range(300):
        data = bytearray(base)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.choice(b"\x00\xff{}[]:-#&*!|>'\"%@`\n \tab0")
        lint({"f.yaml": bytes(data)}, SETTING)
