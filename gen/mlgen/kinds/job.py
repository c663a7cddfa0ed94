"""A ``job`` workload -> a Job named by its content, or a CronJob where it has a schedule."""

from collections.abc import Iterator, Mapping

from mlgen import beside, image, runs, spot
from mlgen.around.queue import queued
from mlgen.beside.needs import Needs, metrics_port, own_metrics, watching
from mlgen.objects import Object, metadata, named, service_account, workload_labels
from mlgen.pod import Pod, pod
from mlgen.quantity import seconds
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

CONTAINER = "main"
A_WEEK = 7 * 24 * 3600


def build(workload: Workload) -> Iterator[Object]:
    """The account, the data, and the Job or CronJob."""
    yield service_account(workload)
    yield from template(workload, {}).objects
    if "schedule" in workload.spec:
        job = cron_job(workload, job_spec(workload, {}))
    else:
        job = runs.run(workload, "batch/v1", "Job", lambda env: job_spec(workload, env))
    yield job
    yield from beside.objects(workload, Needs(metrics=own_metrics(workload), watched=watching(job)))


def cron_job(workload: Workload, spec: dict[str, Draft]) -> Object:
    """A CronJob: its template may change, and the next run uses it."""
    when = workload.spec["schedule"]
    body: dict[str, Draft] = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": metadata(workload.site, named(workload), workload_labels(workload)),
        "spec": {
            "schedule": when,
            "timeZone": workload.spec.get("timeZone") or made("Etc/UTC", when),
            "concurrencyPolicy": workload.spec.get("concurrency") or made("Forbid", when),
            # A controller that was down for an hour still starts the night's run.
            "startingDeadlineSeconds": 3600,
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {
                "metadata": {"labels": {**workload_labels(workload), **queued(workload)}},
                # Git owns the CronJob, not its Jobs: these may go.
                "spec": {**spec, "ttlSecondsAfterFinished": A_WEEK},
            },
        },
    }
    return Object(body, (workload.key,))


def job_spec(workload: Workload, env: Mapping[str, Draft]) -> dict[str, Draft]:
    """The spec of the Job, stand-alone or below a CronJob; ``env`` are variables beside the spec's own."""
    completions = workload.spec.get("completions")
    return {
        **({} if completions is None else indexed(workload)),
        "backoffLimit": workload.spec["retries"] if completions is None else None,
        "activeDeadlineSeconds": made(seconds(said(workload.spec["timeout"])), workload.spec["timeout"]),
        **spot.forgiven(workload),
        "template": template(workload, env).template,
    }


def indexed(workload: Workload) -> dict[str, Draft]:
    """Pods that each know their number; a failed one is tried again on its own account (KEP-3850)."""
    completions = workload.spec["completions"]
    return {
        "completionMode": made("Indexed", completions),
        "completions": completions,
        "parallelism": workload.spec.get("parallelism") or completions,
        "backoffLimitPerIndex": workload.spec["retries"],
    }


def template(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """The pod, and what stands beside it."""
    container: dict[str, Draft] = {
        "name": CONTAINER,
        "image": image.of(workload),
        "ports": metrics_port(workload) or None,
    }
    return pod(workload, container, env=env, spec={"restartPolicy": "Never"})
