"""Objects in, each found by its name; and what the gate says of them together."""

from typing import Any

from tests.small import PRACTICE

from mlgen import gate
from mlgen.gathered import Gathered, Setting
from mlgen.problem import Finding


def named(kind: str, name: str, namespace: str = "", **more: Any) -> dict[str, Any]:
    where = {"namespace": namespace} if namespace else {}
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, **where}, **more}


def test_who_says_no_namespace_is_in_whichever_is_meant() -> None:
    objects = Gathered([named("Secret", "a", "ml"), named("Secret", "b"), named("Secret", "a", "other")])
    assert objects.find("Secret", "a", "ml") == 0
    assert objects.find("Secret", "a", "other") == 2
    assert objects.find("Secret", "a", "third") is None
    assert objects.find("Secret", "a", "") == 0
    assert objects.find("Secret", "b", "ml") == 1
    assert objects.find("ConfigMap", "b", "ml") is None


def test_of_an_object_and_its_variants_the_first_counts() -> None:
    objects = Gathered([named("Secret", "a"), named("Secret", "a", "ml"), named("Secret", "b", "ml")])
    assert [index for index, _ in objects.of("Secret")] == [0, 2]


def test_what_comes_of_an_object_is_found_and_is_no_body() -> None:
    external = named("ExternalSecret", "wandb", "ml", spec={"target": {"name": "token"}, "dataFrom": [{}]})
    objects = Gathered([external])
    [(index, made)] = objects.made("Secret", "token", "ml")
    assert (index, made.keys) == (0, None)
    assert objects.find("Secret", "token", "ml") is None
    assert objects.called("Secret", "ml") == ["token"]


def test_what_an_object_has_wrong_by_itself_is_not_said_again() -> None:
    """A wrong value at a place, and nothing of what would follow from it at the same place."""
    port = {"httpGet": {"path": "/", "port": "no port at all"}}
    container = {"name": "main", "image": "docker.io/library/python:3.13", "readinessProbe": port}
    pod = named("Pod", "one", "ml", spec={"containers": [container], "priorityClassName": ["low"]})
    found: list[Finding] = list(gate.check([pod], Setting("1.34")))
    paths = [finding.fault.path for finding in found if finding.fault.rule not in PRACTICE]
    assert len(paths) == len(set(paths))


def test_without_an_environment_only_what_may_be_elsewhere_is_a_warning() -> None:
    environment = [{"name": name, "valueFrom": {kind: {"name": "settings", "key": "LEVEL"}}} for name, kind in REFERS]
    container = {"name": "main", "image": "docker.io/library/python:3.13", "env": environment}
    bodies = [
        named("Pod", "one", "ml", spec={"containers": [container]}),
        named("ConfigMap", "settings", "ml", data={}),
    ]
    found = {finding.fault.rule: finding.fault.severity for finding in gate.check(bodies, Setting("1.34"))}
    assert {found.pop(rule) for rule in found.keys() & PRACTICE} == {"warning"}
    assert found == {"no-such-key": "error", "no-such-secret": "warning"}


REFERS = (("A", "configMapKeyRef"), ("B", "secretKeyRef"))
