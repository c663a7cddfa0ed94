"""What a template says of a status is what engines of delivery and of pipelines make of it."""

from typing import Any

import pytest
import yaml
from tests.conftest import ROOT
from tests.health_test import argocd, flux
from tests.terminal import mlgen

from mlgen import disk
from mlgen.health import told
from mlgen.own import outcome, reading
from mlgen.own.kind import Kinds
from mlgen.pipelines.outcome import conditions, known

CASE = ROOT / "tests" / "cases" / "own-kinds"
# The words that the operator writes (dask-kubernetes 2026.3, operator/controller/controller.py).
VERDICTS = {
    "JobCreated": ("Progressing", "InProgress"),
    "ClusterCreated": ("Progressing", "InProgress"),
    "Running": ("Healthy", "Current"),
    "Successful": ("Healthy", "Current"),
    "Failed": ("Degraded", "Failed"),
}


@pytest.fixture(scope="module")
def kinds() -> Kinds:
    found = reading.read(disk.read_kinds(CASE)[0])
    assert found.problems == ()
    return found.kinds


@pytest.mark.parametrize(("word", "verdicts"), VERDICTS.items(), ids=VERDICTS)
def test_engines_of_delivery_see_it(word: str, verdicts: tuple[str, str], kinds: Kinds) -> None:
    [check] = map(told.check, outcome.told(kinds))
    body: dict[str, Any] = {"spec": {}, "metadata": {}, "status": {"jobStatus": word}}
    assert (argocd(check.lua, body)["status"], flux(check, body)) == verdicts


def test_one_without_a_status_is_waited_for(kinds: Kinds) -> None:
    [check] = map(told.check, outcome.told(kinds))
    assert argocd(check.lua, {"spec": {}, "metadata": {}})["status"] == "Progressing"


def test_mlgen_health_prints_it_where_the_kind_is() -> None:
    patch = yaml.safe_load(mlgen(CASE, "health", "--env", "prod").out)
    assert "resource.customizations.health.kubernetes.dask.org_DaskJob" in patch["data"]
    assert "dask" not in mlgen(ROOT, "health").out


def test_pipelines_wait_for_it(kinds: Kinds) -> None:
    found = known("kubernetes.dask.org/v1 DaskJob", kinds)
    assert found is not None
    assert conditions(found) == ("status.jobStatus in (Successful)", "status.jobStatus in (Failed)")
    assert found.plural == "daskjobs"
    assert known("kubernetes.dask.org/v1 DaskCluster", kinds) is None
    assert known("kubernetes.dask.org/v1 DaskJob", Kinds()) is None
    assert known("batch/v1 Job", kinds) == known("batch/v1 Job", Kinds())
