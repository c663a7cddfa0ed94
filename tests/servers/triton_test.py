"""Triton, for its own models and for ONNX: one version of one model, and nothing else of the data."""

from typing import Any

import pytest
from tests.small import built

ENVIRONMENT = "servers: {triton: nvcr.io/nvidia/tritonserver:25.08-py3}\n"
SPEC = """\
data:
  models: {claim: models%s}
workloads:
  serve: {kind: serving, server: %s, model: {data: models, name: churn, version: %d}%s}
"""
BLOB = "storage: {blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: key}}\n"


def pod(objects: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = objects["Deployment/serve"]["spec"]["template"]["spec"]
    return spec


def mounts(objects: dict[str, Any]) -> dict[str, Any]:
    """The container's mounts by their place."""
    return {mount["mountPath"]: mount for mount in pod(objects)["containers"][0]["volumeMounts"]}


@pytest.mark.parametrize("server", ["triton", "onnx"])
def test_the_container_sees_no_other_version(server: str) -> None:
    """The command line pins no version, and `config.pbtxt` lies where anybody may change it."""
    for version in (42, 43):
        objects = built(SPEC % ("", server, version, ""), ENVIRONMENT)
        place = f"/repository/churn/{version}"
        assert mounts(objects) == {
            place: {"name": "models", "mountPath": place, "subPath": f"churn/{version}", "readOnly": True}
        }


def test_it_loads_that_model_and_no_other() -> None:
    container = pod(built(SPEC % ("", "onnx", 42, ", args: [--log-verbose=1]"), ENVIRONMENT))["containers"][0]
    assert "command" not in container, "the image's entry point prepares the libraries"
    assert container["args"] == [
        "tritonserver",
        "--model-repository=/repository",
        "--model-control-mode=explicit",
        "--load-model=churn",
        "--log-verbose=1",
    ]


def test_it_completes_the_configuration_by_itself() -> None:
    """`--disable-auto-complete-config` takes no value: to write `=false` behind it would stop the server."""
    container = pod(built(SPEC % ("", "onnx", 42, ""), ENVIRONMENT))["containers"][0]
    assert not [arg for arg in container["args"] if "auto-complete" in arg]


def test_ready_is_another_question_than_alive() -> None:
    container = pod(built(SPEC % ("", "triton", 42, ""), ENVIRONMENT))["containers"][0]
    assert container["readinessProbe"]["httpGet"] == {"path": "/v2/health/ready", "port": "http"}
    assert container["startupProbe"]["httpGet"] == {"path": "/v2/health/ready", "port": "http"}
    assert container["livenessProbe"]["httpGet"] == {"path": "/v2/health/live", "port": "http"}


def test_the_service_has_its_three_ports_and_metrics_are_on_the_last() -> None:
    watched = ENVIRONMENT + "monitoring: {from: prometheus-operator, namespace: observability}\n"
    objects = built(SPEC % ("", "triton", 42, ""), watched)
    assert {port["name"]: port["port"] for port in objects["Service/serve"]["spec"]["ports"]} == {
        "grpc": 8001,
        "http": 8000,
        "metrics": 8002,
    }
    (endpoint,) = objects["ServiceMonitor/serve"]["spec"]["endpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("metrics", "/metrics")


def test_a_configuration_in_the_spec_is_a_file_beside_the_version_and_another_one_is_a_rollout() -> None:
    names = set()
    for size in (8, 16):
        objects = built(SPEC % ("", "triton", 42, f', config: "max_batch_size: {size}"'), ENVIRONMENT)
        (name,) = [key.partition("/")[2] for key in objects if key.startswith("ConfigMap/")]
        assert objects[f"ConfigMap/{name}"]["data"] == {"config.pbtxt": f"max_batch_size: {size}"}
        assert {"name": "config", "configMap": {"name": name}} in pod(objects)["volumes"]
        mount = mounts(objects)["/repository/churn/config.pbtxt"]
        assert (mount["name"], mount["subPath"], mount["readOnly"]) == ("config", "config.pbtxt", True)
        names.add(name)
    assert len(names) == 2


@pytest.mark.parametrize(("access", "read_only"), [(", access: read", True), (", access: write", None)])
def test_data_that_is_listed_too_is_one_volume_at_two_places(access: str, read_only: bool | None) -> None:
    """A pod with one claim in two volumes may wait for it for ever."""
    objects = built(SPEC % (access, "triton", 42, ", data: [models]"), ENVIRONMENT)
    (volume,) = pod(objects)["volumes"]
    assert volume["persistentVolumeClaim"].get("readOnly") is read_only
    assert mounts(objects)["/repository/churn/42"]["readOnly"] is True, "the server never writes its model"
    assert mounts(objects)["/data/models"].get("readOnly") is read_only


def test_one_volume_stands_for_a_blob_that_is_model_and_data() -> None:
    spec = SPEC.replace("claim: models", "blob: demo/models, access: write")
    objects = built(spec % ("", "triton", 42, ", data: [models]"), ENVIRONMENT + BLOB)
    assert len([key for key in objects if key.startswith("PersistentVolumeClaim/")]) == 1
    assert len(pod(objects)["volumes"]) == 1


def test_the_version_is_found_below_the_folder_of_a_driver_that_mounts_whole_containers() -> None:
    nfs = "storage: {blob: {driver: azure-blob-nfs, account: acmemlnfs, resourceGroup: ml}}\n"
    spec = SPEC.replace("claim: models", "blob: demo/models")
    objects = built(spec % ("", "onnx", 42, ""), ENVIRONMENT + nfs)
    assert mounts(objects)["/repository/churn/42"]["subPath"] == "models/churn/42"


def test_onnx_runs_on_the_environments_triton_or_on_an_image_of_its_own() -> None:
    own = built(SPEC % ("", "onnx", 42, ", image: ghcr.io/acme/triton:1"), ENVIRONMENT)
    assert pod(own)["containers"][0]["image"] == "ghcr.io/acme/triton:1"
    given = built(SPEC % ("", "onnx", 42, ""), ENVIRONMENT)
    assert pod(given)["containers"][0]["image"] == "nvcr.io/nvidia/tritonserver:25.08-py3"
