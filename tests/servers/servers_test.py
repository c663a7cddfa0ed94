"""What every server's module says of itself, against what it builds."""

from typing import Any

import pytest
from tests.small import built

from mlgen import schema
from mlgen.servers import SERVERS

IMAGES: list[str] = schema.load("environment").root["definitions"]["complete"]["properties"]["servers"][
    "propertyNames"
]["enum"]
ENVIRONMENT = f"""\
servers: {{{", ".join(f"{name}: ghcr.io/acme/{name}:1" for name in IMAGES)}}}
gpus: {{h100: {{resource: nvidia.com/gpu}}}}
"""
MORE = {"mlserver": "runtime: sklearn", "triton": 'config: "max_batch_size: 8"', "vllm": "resources: {gpu: {h100: 1}}"}
MODEL = "model: {data: models, name: churn, version: 42}"
OWN = {"custom": "image: ghcr.io/acme/api:1", "ray": 'image: "ghcr.io/acme/api:1", application: "api:app"'}


def spec(server: str, data: str = "") -> str:
    """A workload with all that its server needs."""
    keys = [OWN.get(server, MODEL), *([MORE[server]] if server in MORE else []), *([f"data: [{data}]"] if data else [])]
    return (
        "data:\n  models: {claim: models}\n  other: {claim: other}\n"
        f"workloads:\n  serve: {{kind: serving, server: {server}, {', '.join(keys)}}}\n"
    )


def container(server: str, data: str = "") -> dict[str, Any]:
    pod = built(spec(server, data), ENVIRONMENT)["Deployment/serve"]["spec"]["template"]["spec"]
    found: dict[str, Any] = pod["containers"][0]
    return found


def paths(server: str, data: str = "") -> set[str]:
    return {mount["mountPath"] for mount in container(server, data).get("volumeMounts", [])}


each = pytest.mark.parametrize("server", sorted(SERVERS))


@each
def test_the_variables_it_sets_are_those_it_says(server: str) -> None:
    assert [variable["name"] for variable in container(server).get("env", [])] == list(SERVERS[server].VARIABLES)


@each
def test_what_it_mounts_beside_the_data_lies_where_it_says(server: str) -> None:
    places = SERVERS[server].MOUNTS
    inside = [[path for path in paths(server) if f"{path}/".startswith(f"{place}/")] for place in places]
    assert all(inside), "a place where nothing is mounted"
    assert paths(server) - {path for found in inside for path in found} <= {"/data/models"}


@each
def test_the_models_data_is_not_mounted_twice_where_it_is_listed(server: str) -> None:
    assert paths(server, "other") - {"/data/other"} == paths(server)
    assert paths(server, "models") == paths(server) | {"/data/models"}


@each
def test_one_port_is_for_requests_and_every_probe_knows_it(server: str) -> None:
    found = container(server)
    names = [port["name"] for port in found["ports"]]
    assert names.count("http") == 1
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        (port,) = [entry["port"] for entry in found[probe].values() if isinstance(entry, dict)]
        assert port in names


@each
def test_it_may_load_as_long_as_the_spec_says(server: str) -> None:
    probe = container(server)["startupProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] == 10 * 60


def test_an_environment_may_give_an_image_to_each_program() -> None:
    programs = {getattr(module, "NAME", None) for module in SERVERS.values()}
    assert programs - {None} == set(IMAGES)
