"""MLServer: told by variables what it serves, and by nothing that lies beside the model."""

from typing import Any

import pytest
from tests.small import built, problems

ENVIRONMENT = "servers: {mlserver: docker.io/seldonio/mlserver:1.7.1}\n"
SPEC = """\
data:
  models: {claim: models}
workloads:
  serve: {kind: serving, server: mlserver, model: {data: models, name: churn, version: %d}%s}
"""


def container(spec: str) -> dict[str, Any]:
    found: dict[str, Any] = built(spec, ENVIRONMENT)["Deployment/serve"]["spec"]["template"]["spec"]["containers"][0]
    return found


def env(found: dict[str, Any]) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in found["env"]}


@pytest.mark.parametrize(
    ("runtime", "implementation"),
    [
        ("sklearn", "mlserver_sklearn.SKLearnModel"),
        ("xgboost", "mlserver_xgboost.XGBoostModel"),
        ("lightgbm", "mlserver_lightgbm.LightGBMModel"),
        ("mlflow", "mlserver_mlflow.MLflowRuntime"),
    ],
)
def test_each_library_has_its_runtime(runtime: str, implementation: str) -> None:
    found = env(container(SPEC % (42, f", runtime: {runtime}")))
    assert found["MLSERVER_MODEL_IMPLEMENTATION"] == implementation


def test_a_version_is_a_folder_and_another_one_is_a_rollout() -> None:
    for version in (42, 43):
        found = env(container(SPEC % (version, ", runtime: sklearn")))
        assert found["MLSERVER_MODEL_URI"] == f"/data/models/churn/{version}"
        assert (found["MLSERVER_MODEL_NAME"], found["MLSERVER_MODEL_VERSION"]) == ("churn", str(version))


def test_the_ports_are_those_that_it_is_told() -> None:
    found = container(SPEC % (42, ", runtime: sklearn"))
    told = {name: int(env(found)[f"MLSERVER_{name.upper()}_PORT"]) for name in ("http", "grpc", "metrics")}
    assert told == {port["name"]: port["containerPort"] for port in found["ports"]}


def test_the_spec_adds_variables_of_its_own() -> None:
    found = env(container(SPEC % (42, ", runtime: sklearn, env: {MLSERVER_PARALLEL_WORKERS: 2}")))
    assert found["MLSERVER_PARALLEL_WORKERS"] == "2"


def test_everything_that_is_missing_is_said_at_once() -> None:
    found = problems(SPEC % (42, ", args: [--x], port: 9000"), ENVIRONMENT)
    assert [problem.rule for problem in found] == ["not-for-this-server"]
    found = problems(SPEC % (42, ", args: [--x]"), ENVIRONMENT)
    assert sorted(problem.rule for problem in found) == ["not-for-this-server", "server-needs-runtime"]
