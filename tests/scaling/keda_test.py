"""KEDA: the same spec, scaled by a ScaledObject where an environment says so."""

from typing import Any

from tests.custom_test import accepted
from tests.small import built, place, problems

from mlgen import operators
from mlgen.footprint import footprint
from mlgen.gathered import Gathered
from mlgen.kubernetes import check

SPEC = """\
workloads:
  api: {kind: serving, server: custom, image: ghcr.io/acme/api:1, health: /h, replicas: {min: 2, max: 6, cpu: 60%}}
"""
KEDA = "platform: {autoscaler: keda-2.20}\n"
WATCHED = "monitoring: {from: prometheus-operator}\n"


def scaled(objects: dict[str, Any]) -> Any:
    return objects["ScaledObject/api"]


def test_it_scales_as_the_autoscaler_of_a_plain_cluster_does() -> None:
    plain, ours = built(SPEC), built(SPEC, KEDA)
    theirs, spec = plain["HorizontalPodAutoscaler/api"]["spec"], scaled(ours)["spec"]
    assert spec["scaleTargetRef"] == theirs["scaleTargetRef"]
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (theirs["minReplicas"], theirs["maxReplicas"])
    [metric], [trigger] = theirs["metrics"], spec["triggers"]
    assert (trigger["type"], trigger["metricType"]) == (
        metric["resource"]["name"],
        metric["resource"]["target"]["type"],
    )
    assert trigger["metadata"] == {"value": str(metric["resource"]["target"]["averageUtilization"])}
    assert {*plain} - {*ours} == {"HorizontalPodAutoscaler/api"}
    assert {*ours} - {*plain} == {"ScaledObject/api"}
    assert all(plain[name] == ours[name] for name in plain.keys() & ours.keys()), "nothing else changes"


def test_keda_and_its_crd_take_it() -> None:
    body = scaled(built(SPEC, KEDA))
    assert [fault for minor in ("1.30", "1.37") for fault in check(body, minor, frozenset({"keda-2.20"}))] == []
    assert list(operators.check(body)) == []
    assert accepted(body)


def test_an_autoscaler_that_is_there_already_is_taken_over() -> None:
    """Both have one name: the webhook lets only that one go on."""
    body = scaled(built(SPEC, KEDA))
    assert body["metadata"]["annotations"]["scaledobject.keda.sh/transfer-hpa-ownership"] == "true"
    name = built(SPEC)["HorizontalPodAutoscaler/api"]["metadata"]["name"]
    assert body["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["name"] == name
    assert built(SPEC, KEDA + WATCHED)["PrometheusRule/api"] == built(SPEC, WATCHED)["PrometheusRule/api"]


def test_a_fixed_number_of_pods_is_scaled_by_nobody() -> None:
    assert "ScaledObject/api" not in built(SPEC.replace(", max: 6", ""), KEDA)


def test_pods_are_counted_as_far_as_it_goes() -> None:
    bodies = [one.body for one in place(SPEC, KEDA).manifests]
    assert [share.most for share in footprint(Gathered(bodies))] == [6]


def test_git_and_the_autoscaler_do_not_fight_over_the_number() -> None:
    gitops = 'gitops: {engine: argocd, repository: "https://git.example.com/acme/ml.git"}\n'
    found: dict[str, Any] = {one.ref.kind: one.body for one in place(SPEC, KEDA + gitops).pointers}
    [ignored] = found["Application"]["spec"]["ignoreDifferences"]
    assert (ignored["kind"], ignored["name"], ignored["jsonPointers"]) == ("Deployment", "api", ["/spec/replicas"])
    assert "replicas" not in built(SPEC, KEDA)["Deployment/api"]["spec"]


def test_inference_services_have_an_autoscaler_of_their_own() -> None:
    objects = built(SPEC, "platform: {autoscaler: keda-2.20, serving: kserve-0.20}\n")
    assert "ScaledObject/api" not in objects
    assert objects["InferenceService/api"]["spec"]["predictor"]["maxReplicas"] == 6


def test_another_word_for_it_is_an_error_with_the_way_out() -> None:
    (problem,) = problems(SPEC, "platform: {autoscaler: keda}\n")
    assert (problem.rule, problem.help) == ("not-allowed", "write `keda-2.20`")
    (problem,) = problems(SPEC, "platform: {keda: 2.20}\n")
    assert (problem.rule, problem.help) == ("unknown-key", "write `autoscaler: keda-2.20`")
