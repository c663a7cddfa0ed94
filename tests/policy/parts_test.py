"""The parts of a verdict: names, selectors, defaults, variables."""

from typing import Any

import pytest

from mlgen.policy.admitted import admitted
from mlgen.policy.expressions import composed
from mlgen.policy.matching import Request, matches, selects
from mlgen.policy.naming import named, plural


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("Deployment", "deployments"),
        ("Ingress", "ingresses"),
        ("NetworkPolicy", "networkpolicies"),
        ("StorageClass", "storageclasses"),
        ("Gateway", "gateways"),
        ("Endpoints", "endpoints"),
        ("EndpointSlice", "endpointslices"),
        ("HTTPRoute", "httproutes"),
        ("PyTorchJob", "pytorchjobs"),
    ],
)
def test_plural(kind: str, resource: str) -> None:
    assert plural(kind) == resource


def test_an_imported_plural_counts() -> None:
    body: dict[str, Any] = {"apiVersion": "ml.example.com/v1", "kind": "Index"}
    assert named(body, {"ml.example.com/v1 Index": ("indices", False)}).resource == "indices"
    assert named(body, {}).resource == "indexes"


def request(**body: Any) -> Request:
    whole = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "ml"}, **body}
    return Request(whole, named(whole, {}), "CREATE", None)


RULE: Any = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"apiGroups": ["*"]}, True),
        ({"apiGroups": [""]}, False),
        ({"apiVersions": ["v1beta1"]}, True),  # an equivalent version
        ({"operations": ["*"]}, True),
        ({"operations": ["UPDATE", "DELETE"]}, False),
        ({"resources": ["*"]}, True),
        ({"resources": ["*/*"]}, True),
        ({"resources": ["deployments/*"]}, True),
        ({"resources": ["deployments/scale"]}, False),
        ({"resources": ["*/scale"]}, False),
        ({"scope": "Namespaced"}, True),
        ({"scope": "Cluster"}, False),
        ({"resourceNames": ["a"]}, True),
        ({"resourceNames": ["b"]}, False),
    ],
)
def test_rules(change: Any, expected: bool) -> None:
    assert matches({"resourceRules": [{**RULE, **change}]}, request()) is expected


def test_constraints() -> None:
    assert (
        matches({"matchPolicy": "Exact", "resourceRules": [{**RULE, "apiVersions": ["v1beta1"]}]}, request()) is False
    )
    assert matches({"resourceRules": [RULE], "excludeResourceRules": [RULE]}, request()) is False
    assert matches({"namespaceSelector": {"matchLabels": {"a": "b"}}}, request()) is None
    assert matches({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ml"}}}, request()) is True
    known = request()._replace(namespace={"metadata": {"labels": {"a": "b"}}})
    assert matches({"namespaceSelector": {"matchLabels": {"a": "b"}}}, known) is True
    assert matches({"objectSelector": {"matchLabels": {"a": "b"}}}, request()) is False
    assert matches({}, request()) is True


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("In", ["1", "2"], True),
        ("In", ["3"], False),
        ("NotIn", ["3"], True),
        ("Exists", [], True),
        ("DoesNotExist", [], False),
        ("Odd", [], False),
    ],
)
def test_selectors(operator: str, values: list[Any], expected: bool) -> None:
    selector: Any = {"matchExpressions": [{"key": "a", "operator": operator, "values": values}]}
    assert selects(selector, {"a": "1"}) is expected


def test_absent_labels() -> None:
    absent: Any = {"matchExpressions": [{"key": "b", "operator": "NotIn", "values": ["1"]}]}
    assert selects(absent, {"a": "1"})
    assert not selects({"matchExpressions": [{"key": "b", "operator": "In", "values": ["1"]}]}, {"a": "1"})


def test_defaults() -> None:
    container = {"name": "a", "image": "a", "ports": [{"containerPort": 80}], "resources": {"limits": {"cpu": 1}}}
    body: Any = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "spec": {"paused": None, "template": {"spec": {"containers": [container]}}},
    }
    whole = admitted(body)
    assert whole["spec"]["replicas"] == 1
    assert "paused" not in whole["spec"]
    assert whole["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": "25%", "maxUnavailable": "25%"}
    pod = whole["spec"]["template"]["spec"]
    assert (pod["restartPolicy"], pod["securityContext"]) == ("Always", {})
    assert pod["containers"][0]["imagePullPolicy"] == "Always"
    assert pod["containers"][0]["ports"] == [{"containerPort": 80, "protocol": "TCP"}]
    assert pod["containers"][0]["resources"] == {"limits": {"cpu": "1"}, "requests": {"cpu": "1"}}
    assert "replicas" not in body["spec"], "the object itself stays as it is"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"apiVersion": "apps/v1", "kind": "Deployment", "spec": []},
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "spec": {"strategy": "x", "template": {"spec": {"containers": [1, {"ports": 3}]}}},
        },
        {"apiVersion": "v1", "kind": "Service", "spec": {"ports": {"a": 1}}},
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "spec": {"containers": [{"resources": {"limits": []}, "livenessProbe": 3}]},
        },
    ],
)
def test_odd_objects_are_no_trouble(body: Any) -> None:
    admitted(body)


def test_only_the_variables_that_are_used_are_bound() -> None:
    variables = {"a": "object.x", "b": "variables.a + 1", "c": "object.y"}
    assert composed("object.z", variables) == "(object.z)"
    bound = composed("variables.b > 1 && 'variables.c' != ''", variables)
    inner = "cel.bind(variables_b, (variables_a + 1), (variables_b > 1 && 'variables.c' != ''))"
    assert bound == f"cel.bind(variables_a, (object.x), {inner})"
