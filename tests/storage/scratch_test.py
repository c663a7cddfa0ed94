"""Scratch: the node's own space, a claim for each pod, or a folder of the node where that is allowed."""

from typing import Any

import pytest
from tests.small import built, platform, problems

SPEC = """\
data:
  scratch: {scratch: 200Gi%s}
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, data: [scratch]%s}
"""
CLASS = "storage: {disks: {local-ssd: {storageClass: local-nvme}}}\n"
FOLDER = "storage: {disks: {local-ssd: {hostPath: /mnt/nvme, nodeSelector: {disk: nvme}}}}\n"
PRIVILEGED = "podSecurity: privileged\n"
GPU = "gpus: {a100: {resource: nvidia.com/gpu, nodeSelector: {%s}, tolerations: [{key: gpu, operator: Exists}]}}\n"
ON_DISK = ", disk: local-ssd"


def pod(environment: str, disk: str = ON_DISK, more: str = "") -> Any:
    objects = built(SPEC % (disk, more), environment)
    return next(body["spec"]["template"]["spec"] for name, body in objects.items() if name.startswith("Job/"))


def test_the_nodes_own_space_is_limited() -> None:
    """Gotcha: an unlimited emptyDir fills the node's disk for all its pods."""
    assert pod("", disk="")["volumes"] == [{"name": "scratch", "emptyDir": {"sizeLimit": "200Gi"}}]


def test_a_disk_with_a_class_is_a_claim_that_goes_with_the_pod() -> None:
    [volume] = pod(CLASS)["volumes"]
    template = volume["ephemeral"]["volumeClaimTemplate"]
    assert template["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "local-nvme",
        "resources": {"requests": {"storage": "200Gi"}},
    }
    assert template["metadata"]["labels"]["mlgen.dev/project"] == "demo"
    assert "nodeSelector" not in pod(CLASS)  # the class knows where its volumes are


def test_a_folder_of_the_node_gives_each_pod_a_folder_of_its_own() -> None:
    """Two pods on one node would otherwise write each other's files."""
    found = pod(PRIVILEGED + FOLDER)
    assert found["volumes"] == [{"name": "scratch", "hostPath": {"path": "/mnt/nvme", "type": "Directory"}}]
    [container] = found["containers"]
    assert container["volumeMounts"] == [
        {"name": "scratch", "mountPath": "/data/scratch", "subPathExpr": "$(MLGEN_POD)"}
    ]
    source = {"fieldRef": {"fieldPath": "metadata.name"}}
    assert {"name": "MLGEN_POD", "valueFrom": source} in container["env"]
    assert found["nodeSelector"] == {"disk": "nvme"}


def test_the_pods_own_name_is_there_only_where_it_is_needed() -> None:
    assert "MLGEN_POD" not in str(pod(CLASS))


@pytest.mark.parametrize("level", ["restricted", "baseline"])
def test_a_folder_of_the_node_needs_a_privileged_namespace(level: str) -> None:
    """Gotcha: hostPath violates the baseline and the restricted Pod Security Standards."""
    said = f"podSecurity: {level}\n" if level != "restricted" else ""
    [problem] = problems(SPEC % (ON_DISK, ""), said + FOLDER)
    assert (problem.rule, problem.span.file) == ("disk-not-allowed", "projects/demo/mlgen.yaml")
    assert problem.message.endswith(f"`dev` has `{level}`")
    assert [span.file for span, _ in problem.related] == ["environments/dev.yaml"]


def test_pods_ask_for_no_more_than_restricted_whatever_the_namespace_allows() -> None:
    """The level of a pod is never above the namespace's."""
    found = pod(PRIVILEGED + FOLDER)
    assert found["securityContext"]["runAsNonRoot"] is True
    assert found["containers"][0]["securityContext"]["allowPrivilegeEscalation"] is False


def test_a_disk_that_nobody_has() -> None:
    [problem] = problems(SPEC % (", disk: local-sdd", ""), CLASS)
    assert (problem.rule, problem.message) == ("no-such-disk", "there is no disk `local-sdd` in `dev`")
    assert problem.help == "did you mean `local-ssd`?"
    [problem] = problems(SPEC % (ON_DISK, ""))
    assert problem.help.startswith("add `local-ssd` to the environment's `storage.disks`")


def test_nodes_have_the_disk_and_the_gpu() -> None:
    found = pod(PRIVILEGED + FOLDER + GPU % "accelerator: a100", more=", resources: {gpu: {a100: 1}}")
    assert found["nodeSelector"] == {"accelerator": "a100", "disk": "nvme"}
    assert found["tolerations"] == [{"key": "gpu", "operator": "Exists"}]


def test_no_node_has_two_labels_of_one_name() -> None:
    gpu = SPEC % (ON_DISK, ", resources: {gpu: {a100: 1}}")
    [problem] = problems(gpu, PRIVILEGED + FOLDER + GPU % "disk: sata")
    assert problem.rule == "no-such-node"
    assert problem.message == "no node can run `train`: its `disk` would have to be both `sata` and `nvme`"
    assert {span.file for span, _ in problem.related} == {"environments/dev.yaml"}
    found = pod(PRIVILEGED + FOLDER + GPU % "disk: nvme", more=", resources: {gpu: {a100: 1}}")
    assert found["nodeSelector"] == {"disk": "nvme"}


def test_an_environment_may_have_another_sort_of_disk_than_base() -> None:
    environment = "podSecurity: privileged\nstorage: {disks: {local-ssd: {storageClass: null, hostPath: /mnt/nvme}}}\n"
    found = platform(SPEC % (ON_DISK, ""), environment, base=CLASS)
    assert found.problems == ()
    assert list(found.environments["dev"]["storage"]["disks"]["local-ssd"].entries) == ["hostPath"]
    both = platform(SPEC % (ON_DISK, ""), environment.replace("storageClass: null, ", ""), base=CLASS)
    assert [problem.rule for problem in both.problems] == ["one-of"]
