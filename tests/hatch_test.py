"""Patches of a workload: what they are laid over, how, and what is said of those that miss."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.small import built, place, platform, problems

from mlgen import document, engine
from mlgen.hatch import laid
from mlgen.manifest import Ref
from mlgen.node import Json, Node
from mlgen.problem import Span
from mlgen.trace import made, split

ENVIRONMENT = "registry: {host: registry.example.com}\n"
HERE = Span("f", 1, 1, 1, 1)


def node(value: Json) -> Node:
    if isinstance(value, dict):
        return Node({key: node(item) for key, item in value.items()}, HERE)
    return Node([node(item) for item in value], HERE) if isinstance(value, list) else Node(value, HERE)


def merged(old: Any, new: Json, field: str = "") -> Json:
    return split(laid(old, node(new), field), ())[0]


def spec(patch: str, kind: str = "job", more: str = "") -> str:
    return f"image: demo:1.0\nworkloads:\n  work:\n    kind: {kind}\n    patches: [{patch}]\n{more}"


HTTP: dict[str, Json] = {"name": "http", "containerPort": 80}
A: dict[str, Json]
B: dict[str, Json]
A, B = {"name": "v", "mountPath": "/a"}, {"name": "v", "mountPath": "/b"}
CASES: dict[str, tuple[str, Json, Json, Json]] = {
    "maps": ("", {"a": 1, "b": {"c": 2}}, {"b": {"d": 3}}, {"a": 1, "b": {"c": 2, "d": 3}}),
    "null": ("", {"a": 1, "b": 2}, {"b": None}, {"a": 1}),
    "null in what is new": ("", {}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
    "words": ("args", ["a", "b"], ["c"], ["c"]),
    "another name": ("env", [{"name": "A"}], [{"name": "B"}], [{"name": "A"}, {"name": "B"}]),
    "one name": ("env", [{"name": "A", "value": "1"}], [{"name": "A", "value": "2"}], [{"name": "A", "value": "2"}]),
    "a port by its name": ("ports", [HTTP], [{"name": "http", "hostPort": 8}], [{**HTTP, "hostPort": 8}]),
    "a port by its number": ("ports", [HTTP], [{"containerPort": 80, "hostPort": 8}], [{**HTTP, "hostPort": 8}]),
    "two mounts of a volume": ("volumeMounts", [A], [B], [A, B]),
    "one mount": ("volumeMounts", [A], [{"mountPath": "/a", "subPath": "x"}], [{**A, "subPath": "x"}]),
    "things without names": ("tolerations", [{"key": "a"}], [{"key": "b"}], [{"key": "b"}]),
    "an empty list": ("env", [{"name": "A"}], [], []),
}


@pytest.mark.parametrize(("field", "old", "new", "expected"), CASES.values(), ids=CASES)
def test_maps_merge_by_key_lists_of_named_things_by_name_and_null_takes_away(
    field: str, old: Json, new: Json, expected: Json
) -> None:
    assert merged(old, new, field) == expected


def test_what_is_wrapped_is_opened_and_keeps_its_places() -> None:
    before, other = Node("1", HERE), Node("x", HERE)
    body, origins = split(laid({"a": made({"b": before, "c": "2"}, other)}, node({"a": {"b": "3"}}), ""), ())
    assert body == {"a": {"b": "3", "c": "2"}}
    assert origins[("a", "c")] == (other,)
    [patched] = origins[("a", "b")]
    assert patched.overrode is before


JSON = st.recursive(
    st.integers() | st.text(max_size=3) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_a_patch_laid_twice_is_a_patch_laid_once(old: Json, new: Json) -> None:
    once = merged(old, new)
    assert merged(once, new) == once


@given(JSON)
def test_over_nothing_stands_the_patch_itself(new: Json) -> None:
    assert merged(None, new) == new


def test_a_run_with_a_patch_is_another_run() -> None:
    plain, same = built(spec(""), ENVIRONMENT), built(spec("{kind: Job, metadata: {annotations: {a: b}}}"), ENVIRONMENT)
    other = built(spec("{kind: Job, spec: {suspend: true}}"), ENVIRONMENT)
    runs = [next(name for name in objects if name.startswith("Job/")) for objects in (plain, same, other)]
    assert runs[0] == runs[1] != runs[2]
    assert same[runs[1]]["metadata"]["annotations"]["a"] == "b"
    assert other[runs[2]]["spec"]["suspend"] is True
    [variable] = other[runs[2]]["spec"]["template"]["spec"]["containers"][0]["env"]
    assert f"Job/{variable['value']}" == runs[2]


def test_a_run_stays_protected_whatever_a_patch_adds_or_takes_away() -> None:
    more = "{kind: Job, metadata: {annotations: {argocd.argoproj.io/compare-options: Mine}}}"
    [job] = [body for name, body in built(spec(more), ENVIRONMENT).items() if name.startswith("Job/")]
    assert job["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false"
    assert job["metadata"]["annotations"]["argocd.argoproj.io/compare-options"] == "Mine,IgnoreExtraneous"
    less = "{kind: Job, metadata: {annotations: {argocd.argoproj.io/sync-options: null}}}"
    [problem] = problems(spec(less), ENVIRONMENT)
    assert problem.rule == "unprotected-run"


def test_what_a_patch_makes_is_checked_and_the_problem_stands_in_the_patch() -> None:
    [problem] = problems(spec("{kind: Job, spec: {template: {spec: {restartPolcy: Never}}}}"), ENVIRONMENT)
    assert problem.rule == "kubernetes-unknown-field"
    assert problem.span.line == 9
    assert problem.span.column == len("    patches: [{kind: Job, spec: {template: {spec: {restartPolcy: ") + 1


def test_templates_are_not_filled_in_patches() -> None:
    objects = built(spec("{kind: ServiceAccount, metadata: {annotations: {a: '{{ project.name }}'}}}"), ENVIRONMENT)
    assert objects["ServiceAccount/work"]["metadata"]["annotations"]["a"] == "{{ project.name }}"


@pytest.mark.parametrize("name", ["work", "demo-work"])
def test_an_object_is_meant_by_its_name_with_or_without_the_projects(name: str) -> None:
    patch = f"{{kind: CronJob, name: {name}, spec: {{suspend: true}}}}"
    shared = f"{ENVIRONMENT}namespace: {{existing: shared}}\n"
    objects = built(spec(patch, more="    schedule: '@daily'\n"), shared)
    assert objects["CronJob/demo-work"]["spec"]["suspend"] is True


def test_a_run_is_meant_by_its_name_without_the_hash() -> None:
    objects = built(spec("{kind: Job, name: work, spec: {suspend: true}}"), ENVIRONMENT)
    assert [body["spec"]["suspend"] for name, body in objects.items() if name.startswith("Job/")] == [True]
    [problem] = problems(spec("{kind: Job, name: wrok, spec: {suspend: true}}"), ENVIRONMENT)
    assert (problem.rule, problem.help) == ("patch-hits-nothing", "did you mean `work`?")


def test_an_environment_has_patches_of_its_own() -> None:
    base = spec("{kind: Job, spec: {suspend: true}}")
    text = base + "environments: {dev: {workloads: {work: {patches: [{kind: Job, spec: {suspend: false}}]}}}}\n"
    objects = built(text, ENVIRONMENT)
    assert [body["spec"]["suspend"] for name, body in objects.items() if name.startswith("Job/")] == [False]


def test_a_patched_deployment_stands_in_base_and_names_its_lines() -> None:
    text = spec("{kind: Deployment, spec: {minReadySeconds: 7}}", "serving", "    server: custom\n")
    found = place(text, ENVIRONMENT)
    [deployment] = [one for one in found.manifests if one.ref == Ref("apps", "Deployment", "ml-demo-dev", "work")]
    assert deployment.shared
    assert [one.span.line for one in deployment.origins[("spec", "minReadySeconds")]] == [9]
    whole = platform(text, base=ENVIRONMENT)
    assert "minReadySeconds: 7" in engine.render(whole, ["demo"]).files["demo"]["base/deployment-work.yaml"]


def test_nulls_of_a_patch_are_read_from_yaml() -> None:
    parsed = document.parse(b"a: {b: null}\n", file="f").documents[0]
    assert split(laid({"a": {"b": 1, "c": 2}}, parsed, ""), ())[0] == {"a": {"c": 2}}
