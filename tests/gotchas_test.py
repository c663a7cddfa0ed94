"""Gotchas of the kinds that no other test is named after: what a cluster would tell too late."""

from typing import Any

from tests.small import built, platform, problems

IMAGE = "image: ghcr.io/acme/a:1"


def of_kind(objects: dict[str, Any], kind: str) -> Any:
    return next(body for name, body in objects.items() if name.startswith(f"{kind}/"))


def test_a_name_that_is_too_long_for_a_cron_job_is_refused() -> None:
    """Kubernetes appends 11 characters to it for each job."""
    spec = "workloads: {%s: {kind: job, image: ghcr.io/acme/a:1, schedule: '@daily'}}\n"
    assert f"CronJob/{'a' * 40}" in built(spec % ("a" * 40))
    assert [problem.rule for problem in platform(spec % ("a" * 53)).problems] == ["too-many"]


def test_suspend_is_never_written() -> None:
    """A queue flips it, and Argo CD would flip it back."""
    assert "suspend" not in of_kind(built(f"workloads: {{it: {{kind: job, {IMAGE}}}}}\n"), "Job")["spec"]


def test_an_ingress_says_its_path_type() -> None:
    """It is required by networking.k8s.io/v1."""
    spec = f"workloads: {{it: {{kind: serving, server: custom, {IMAGE}, host: it}}}}\n"
    environment = "domain: ml.example.com\nnetwork: {ingress: {class: nginx, tlsSecret: tls}}\n"
    ingress = of_kind(built(spec, environment), "Ingress")
    assert ingress["apiVersion"] == "networking.k8s.io/v1"
    assert ingress["spec"]["rules"][0]["http"]["paths"][0]["pathType"] == "Prefix"


def test_an_application_runs_in_its_own_namespace() -> None:
    """The webhook demands that spark.kubernetes.namespace be the object's, so that nobody may set it."""
    spec = f"""\
workloads:
  it:
    kind: spark
    {IMAGE}
    main: local:///a.py
    executors: {{count: 2}}
    conf: {{spark.kubernetes.namespace: other}}
"""
    found = problems(spec, "platform: {spark: spark-operator-2.5}\n")
    assert [problem.rule for problem in found] == ["denied-conf"]
