"""Connections: variables, a secret and ways out of a closed network, by the name that an environment gives them."""

from typing import Any

from tests.small import built, platform, problems

from mlgen import engine

OFFER = """\
connections:
  warehouse:
    env: {DW_HOST: dw.acme.example, DW_PORT: 5432, DW_ON: yes, DW_ROLE: "{{ project.name }}-{{ workload.name }}"}
    secret: [DW_USER]
    egress: ["10.0.0.0/16:5432"]
  mlflow: {env: {MLFLOW_TRACKING_URI: "http://mlflow.mlops:5000"}, egress: [{namespace: mlops, port: 5000}]}
"""
CLOSED = f"{OFFER}network: {{default: deny}}\n"
SPEC = """\
connections: [warehouse]
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, env: {EPOCHS: 20}, connections: [mlflow]}
  score: {kind: job, image: ghcr.io/a/b:1}
"""


def variables(objects: dict[str, Any], workload: str) -> dict[str, Any]:
    body = next(body for name, body in objects.items() if name.startswith(f"Job/{workload}-"))
    listed = body["spec"]["template"]["spec"]["containers"][0].get("env", [])
    assert len({entry["name"] for entry in listed}) == len(listed)
    return {
        entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in listed if entry["name"] != "MLGEN_RUN"
    }


def ways_out(objects: dict[str, Any], workload: str) -> list[Any]:
    """Destinations beside DNS and the project's own pods."""
    return [rule["to"][0] for rule in objects[f"NetworkPolicy/{workload}"]["spec"]["egress"][2:]]


def test_the_projects_list_is_every_workloads_and_a_workloads_own_is_added() -> None:
    objects = built(SPEC, OFFER)
    assert list(variables(objects, "train")) == [
        "EPOCHS", "DW_HOST", "DW_PORT", "DW_ON", "DW_ROLE", "MLFLOW_TRACKING_URI", "DW_USER"
    ]  # fmt: skip
    assert list(variables(objects, "score")) == ["DW_HOST", "DW_PORT", "DW_ON", "DW_ROLE", "DW_USER"]


def test_variables_are_what_is_written_with_templates_filled_in() -> None:
    found = variables(built(SPEC, OFFER), "train")
    assert found["DW_PORT"] == "5432"
    assert found["DW_ON"] == "yes"
    assert found["DW_ROLE"] == "demo-train"
    assert found["DW_USER"] == {"secretKeyRef": {"name": "warehouse", "key": "DW_USER"}}


def test_a_closed_network_lets_each_workload_out_to_what_it_connects_to() -> None:
    objects = built(SPEC, CLOSED)
    peers = [
        {"ipBlock": {"cidr": "10.0.0.0/16"}},
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "mlops"}}},
    ]
    assert ways_out(objects, "train") == peers
    assert ways_out(objects, "score") == peers[:1]


def test_an_open_network_needs_no_ways_out() -> None:
    assert not [name for name in built(SPEC, OFFER) if name.startswith("NetworkPolicy/")]


def test_an_environment_may_have_other_connections() -> None:
    spec = f"{SPEC}environments: {{dev: {{connections: [mlflow], workloads: {{train: {{connections: null}}}}}}}}\n"
    found = variables(built(spec, OFFER), "train")
    assert list(found) == ["EPOCHS", "MLFLOW_TRACKING_URI"]


def test_an_environment_may_have_none() -> None:
    spec = f"{SPEC}environments: {{dev: {{connections: []}}}}\n"
    assert list(variables(built(spec, OFFER), "score")) == []


def test_what_an_environment_changes_of_a_connection_is_merged_by_key() -> None:
    found = platform(SPEC, "connections: {warehouse: {env: {DW_HOST: dw-dev.example, DW_ON: null}}}\n", base=OFFER)
    (place,) = engine.places(found, "demo")
    objects = {f"{one.ref.kind}/{one.ref.name}": one.body for one in place.manifests}
    assert place.problems == []
    read = variables(objects, "score")
    assert (read["DW_HOST"], read["DW_PORT"]) == ("dw-dev.example", "5432")
    assert "DW_ON" not in read


def test_the_same_connection_twice_is_one_and_a_warning() -> None:
    (problem,) = problems(SPEC.replace("[mlflow]", "[mlflow, warehouse]"), OFFER)
    assert (problem.rule, problem.severity) == ("repeated-item", "warning")


def test_an_unknown_connection_is_told_once_though_all_workloads_have_it() -> None:
    (problem,) = problems(SPEC.replace("[warehouse]", "[ware-house]"), OFFER)
    assert problem.rule == "unknown-connection"
    assert problem.help == "did you mean `warehouse`?"
    assert [span.file for span, _ in problem.related] == ["environments/dev.yaml"]


def test_a_connection_that_changes_only_its_ways_out_starts_no_run() -> None:
    before, after = built(SPEC, CLOSED), built(SPEC, CLOSED.replace("10.0.0.0/16", "10.1.0.0/16"))
    assert [name for name in before if name.startswith("Job/")] == [name for name in after if name.startswith("Job/")]
    assert before != after


def test_a_tensorboard_beside_the_training_connects_to_nothing() -> None:
    spec = """\
connections: [warehouse]
data: {logs: {claim: logs, access: write}}
workloads:
  train: {kind: pytorch, image: ghcr.io/a/b:1, data: [logs], tensorboard: logs}
"""
    objects = built(spec, CLOSED)
    assert ways_out(objects, "train") != []
    assert ways_out(objects, "train-tensorboard") == []
    assert "env" not in objects["Deployment/train-tensorboard"]["spec"]["template"]["spec"]["containers"][0]
