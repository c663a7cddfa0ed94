"""Whole objects of a project: where they stand, what they get, and what is refused."""

from tests.small import HEAD, built, place

from mlgen import engine
from mlgen.platform import Platform, load
from mlgen.problem import Problem, in_order

ENVIRONMENT = "registry: {host: registry.example.com}\n"
ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, annotations: null}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: words, namespace: monitoring}
data: {text: "{{ project.name }}"}
"""
INLINE = """\
manifests:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: limits, labels: {cost-center: growth, app.kubernetes.io/component: limits}}
  data: {depth: "3"}
- {apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: ml-demo-dev-high}, value: 10}
image: demo:1.0
workloads:
  train: {kind: job}
"""


def whole(listed: str, **files: str) -> Platform:
    spec = f"owner: team\nimage: demo:1.0\nmanifests: {listed}\n"
    spec += "workloads: {train: {kind: job}}\nenvironments: {dev: {}}\n"
    texts = {
        "environments/dev.yaml": HEAD.format(kind="Environment", name="dev") + ENVIRONMENT,
        "projects/demo/mlgen.yaml": HEAD.format(kind="Project", name="demo") + spec,
        **{f"projects/demo/manifests/{name}.yaml": text for name, text in files.items()},
    }
    return load({path: text.encode() for path, text in texts.items()})


def found(platform: Platform) -> list[Problem]:
    return in_order(engine.check(platform, ["demo"]))


def test_an_object_gets_the_namespace_and_the_labels_and_keeps_its_own() -> None:
    body = built(INLINE, ENVIRONMENT)["ConfigMap/limits"]
    assert body["metadata"]["namespace"] == "ml-demo-dev"
    assert body["metadata"]["labels"] == {
        "cost-center": "growth",
        "app.kubernetes.io/component": "limits",
        "app.kubernetes.io/name": "demo",
        "app.kubernetes.io/managed-by": "mlgen",
        "mlgen.dev/owner": "team",
        "mlgen.dev/project": "demo",
    }


def test_what_is_in_no_namespace_gets_none() -> None:
    assert "namespace" not in built(INLINE, ENVIRONMENT)["PriorityClass/ml-demo-dev-high"]["metadata"]


def test_its_origins_are_its_own_lines() -> None:
    [manifest] = [one for one in place(INLINE, ENVIRONMENT).manifests if one.ref.name == "limits"]
    assert [node.span.line for node in manifest.origins[("data", "depth")]] == [9]
    assert not manifest.shared


def test_a_file_may_hold_several_and_templates_are_not_filled_in() -> None:
    platform = whole("[manifests/role.yaml]", role=ROLE)
    assert found(platform) == []
    objects = {one.ref.kind: one for one in engine.one(platform, "demo", "dev").manifests}
    assert objects["Role"].body["metadata"]["namespace"] == "ml-demo-dev"  # type: ignore[index, call-overload]
    assert "annotations" not in objects["Role"].body["metadata"]  # type: ignore[operator]
    assert objects["ConfigMap"].ref.namespace == "monitoring"
    assert objects["ConfigMap"].body["data"] == {"text": "{{ project.name }}"}
    assert {node.span.file for nodes in objects["Role"].origins.values() for node in nodes} == {
        "projects/demo/manifests/role.yaml",
        "projects/demo/mlgen.yaml",
        "schemas/environment.json",
    }


def test_what_is_wrong_in_a_file_stands_in_the_file() -> None:
    [problem] = found(whole("[manifests/role.yaml]", role=ROLE.replace("verbs", "vebrs", 1)))[:1]
    assert problem.rule.startswith("kubernetes-")
    assert problem.span.file == "projects/demo/manifests/role.yaml"


def test_a_file_that_cannot_be_read_says_so_once() -> None:
    assert [problem.rule for problem in found(whole("[manifests/role.yaml]", role="a: [\n"))] == ["yaml-syntax"]
    assert [problem.rule for problem in found(whole("[manifests/role.yaml]", role=""))] == ["empty-file"]


def test_secrets_are_refused_and_their_values_are_not_shown() -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {MAPS_KEY: hunter2}\n"
    [problem] = found(whole("[manifests/s.yaml]", s=text))
    assert problem.rule == "secret-value"
    token = ROLE.replace("{{ project.name }}", "ghp_" + "a" * 36)
    [problem] = found(whole("[manifests/role.yaml]", role=token))
    assert problem.rule == "secret-value"
    assert "ghp_a" not in problem.message


def test_two_objects_of_one_name_are_a_collision() -> None:
    clash = INLINE.replace("kind: ConfigMap", "kind: ServiceAccount")
    clash = clash.replace("limits, labels: {cost-center: growth, app.kubernetes.io/component: limits}", "train")
    problems = place(clash.replace('  data: {depth: "3"}\n', ""), ENVIRONMENT).problems
    assert [problem.rule for problem in problems] == ["name-collision"]
