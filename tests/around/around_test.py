"""What a project has once in an environment: its namespace, a quota for it, and a network that is closed."""

from typing import Any

from tests.small import built, place

JOB = "workloads: {train: {kind: job, image: ghcr.io/acme/a:1, resources: {cpu: 2, memory: 4Gi%s}}}\n"
QUOTA = """\
gpus:
  a100: {resource: nvidia.com/gpu}
  t4: {resource: nvidia.com/t4}
quota: {cpu: 64, memory: 256Gi, gpu: {a100: 8, t4: 0}}
"""
SHARED = "namespace: {existing: ml-shared}\n"
DENY = "network: {default: deny}\n"


def around(environment: str) -> dict[str, Any]:
    """Everything that belongs to no workload, by its kind."""
    objects = built(JOB % "", environment)
    return {body["kind"]: body for body in objects.values() if "mlgen.dev/workload" not in body["metadata"]["labels"]}


def test_a_quota_counts_requests_and_limits_of_memory() -> None:
    """Of extended resources only `requests.` is counted; every number is a string, for it is a quantity."""
    assert around(QUOTA)["ResourceQuota"]["spec"]["hard"] == {
        "requests.cpu": "64",
        "requests.memory": "256Gi",
        "limits.memory": "256Gi",
        "requests.nvidia.com/gpu": "8",
        "requests.nvidia.com/t4": "0",
    }


def test_a_quota_says_only_what_the_environment_says() -> None:
    assert around("quota: {memory: 8Gi}\n")["ResourceQuota"]["spec"]["hard"] == {
        "requests.memory": "8Gi",
        "limits.memory": "8Gi",
    }


def test_a_quota_forces_every_pod_to_state_requests_so_helper_pods_get_some() -> None:
    """A pod that states none would be refused: those of operators are in no spec."""
    [limit] = around(QUOTA)["LimitRange"]["spec"]["limits"]
    assert limit == {
        "type": "Container",
        "defaultRequest": {"cpu": "100m", "memory": "256Mi"},
        "default": {"memory": "512Mi"},
    }
    assert set(around("")) == {"Namespace"}


def test_a_closed_network_lets_nothing_through_by_itself() -> None:
    policy = around(DENY)["NetworkPolicy"]
    assert policy["metadata"]["name"] == "default-deny"
    assert policy["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert set(around("")) == {"Namespace"}


def test_of_a_namespace_that_somebody_else_owns_mlgen_owns_nothing() -> None:
    """But each workload has its own policy there too."""
    assert around(SHARED + QUOTA + DENY) == {}
    assert "NetworkPolicy/demo-train" in built(JOB % "", SHARED + DENY)


def test_the_value_of_a_quota_knows_its_line() -> None:
    [quota] = [one for one in place(JOB % "", QUOTA).manifests if one.ref.kind == "ResourceQuota"]
    for path, nodes in quota.origins.items():
        if path[:2] == ("spec", "hard"):
            assert {node.span.file for node in nodes} == {"environments/dev.yaml"}
