"""vLLM: all GPUs of the pod, a home that it may write, and nothing from outside."""

from typing import Any

from tests.small import built, problems

ENVIRONMENT = """\
servers: {vllm: docker.io/vllm/vllm-openai:v0.11.0}
gpus: {h100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: h100}}}
"""
SPEC = """\
data:
  models: {claim: models}
workloads:
  serve:
    kind: serving
    server: vllm
    model: {data: models, name: assist, version: 3}
    resources: {memory: 64Gi, gpu: {h100: %d}}
"""


def pod(spec: str) -> dict[str, Any]:
    found: dict[str, Any] = built(spec, ENVIRONMENT)["Deployment/serve"]["spec"]["template"]["spec"]
    return found


def test_the_model_is_the_folder_of_its_version_and_spread_over_all_gpus() -> None:
    for gpus in (1, 4):
        (container,) = pod(SPEC % gpus + "    args: [--max-model-len=8192]\n")["containers"]
        assert container["command"] == ["vllm", "serve"], "the image's entry point was another one before 0.11"
        assert container["args"] == [
            "/data/models/assist/3",
            "--served-model-name=assist",
            "--port=8000",
            f"--tensor-parallel-size={gpus}",
            "--max-model-len=8192",
        ]
        assert container["resources"]["limits"]["nvidia.com/gpu"] == str(gpus)


def test_health_says_only_that_the_process_runs() -> None:
    (container,) = pod(SPEC % 1)["containers"]
    assert container["startupProbe"]["httpGet"]["path"] == "/v1/models"
    assert container["readinessProbe"]["httpGet"]["path"] == "/v1/models"
    assert container["livenessProbe"]["httpGet"]["path"] == "/health"


def test_its_processes_share_memory_through_half_of_the_pods_own() -> None:
    volumes = {volume["name"]: volume for volume in pod(SPEC % 2)["volumes"]}
    assert volumes["dev-shm"] == {"name": "dev-shm", "emptyDir": {"medium": "Memory", "sizeLimit": "32Gi"}}


def test_a_user_that_the_image_does_not_know_has_a_name_and_a_home() -> None:
    """torch asks for the user's name when it is imported: `getpwuid(): uid not found: 1000` without one."""
    found = pod(SPEC % 1)
    (container,) = found["containers"]
    env = {variable["name"]: variable["value"] for variable in container["env"]}
    assert found["securityContext"]["runAsUser"] == 1000
    assert env["USER"]
    (home,) = [mount for mount in container["volumeMounts"] if mount["mountPath"] == env["HOME"]]
    assert {"name": home["name"], "emptyDir": {"sizeLimit": "10Gi"}} in found["volumes"]
    assert "readOnly" not in home


def test_nothing_is_fetched_and_nobody_is_told() -> None:
    (container,) = pod(SPEC % 1)["containers"]
    env = {variable["name"]: variable["value"] for variable in container["env"]}
    assert (env["HF_HUB_OFFLINE"], env["VLLM_NO_USAGE_STATS"]) == ("1", "1")


def test_a_service_of_the_name_vllm_sets_no_port() -> None:
    """A Service named `vllm` would set VLLM_PORT to an address in every pod, at which vLLM stops."""
    assert pod(SPEC % 1)["enableServiceLinks"] is False


def test_it_stands_on_the_nodes_with_the_gpu() -> None:
    assert pod(SPEC % 1)["nodeSelector"] == {"accelerator": "h100"}


def test_without_a_gpu_both_files_are_named() -> None:
    (problem,) = problems((SPEC % 1).replace(", gpu: {h100: 1}", ""), ENVIRONMENT)
    assert problem.rule == "server-needs-gpu"
    assert problem.span.file == "projects/demo/mlgen.yaml"
    assert [span.file for span, _ in problem.related] == ["environments/dev.yaml"]
