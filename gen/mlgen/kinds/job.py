"""A ``job`` workload -> a Job named by its content, or a CronJob where it has a schedule."""

from collections.abc import Iterator

from mlgen import image
from mlgen.objects import Object, content_hash, metadata, named, service_account, workload_labels
from mlgen.pod import Pod, pod
from mlgen.quantity import seconds
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

CONTAINER = "main"
A_WEEK = 7 * 24 * 3600


def build(workload: Workload) -> Iterator[Object]:
    """The account, the data, and the Job or CronJob."""
    found = template(workload, None)
    yield service_account(workload)
    yield from found.objects
    if "schedule" in workload.spec:
        yield cron_job(workload, job_spec(workload, found))
    else:
        yield run(workload, found)


def run(workload: Workload, found: Pod) -> Object:
    """A Job that exists once for each content: its name ends in a hash of its finished spec.

    It has no time to live: a Job that git owns and that removes itself would be made again, and train again.
    """
    name = named(workload, content_hash(job_spec(workload, found)), sources=(workload.spec,))
    body: dict[str, Draft] = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(workload.site, name, workload_labels(workload), annotations=KEPT),
        "spec": job_spec(workload, template(workload, name)),
    }
    return Object(body, (workload.key,), shared=False, run=True)


# Pruning a run's object kills the run and loses its record (facts of both engines: Argo CD's sync options,
# kustomize-controller's prune annotation).
KEPT: dict[str, Draft] = {
    "argocd.argoproj.io/sync-options": "Prune=false",
    "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
}


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
                "metadata": {"labels": workload_labels(workload)},
                # Git owns the CronJob, not its Jobs: these may go.
                "spec": {**spec, "ttlSecondsAfterFinished": A_WEEK},
            },
        },
    }
    return Object(body, (workload.key,))


def job_spec(workload: Workload, found: Pod) -> dict[str, Draft]:
    """The spec of the Job, stand-alone or below a CronJob."""
    completions = workload.spec.get("completions")
    return {
        **({} if completions is None else indexed(workload)),
        "backoffLimit": workload.spec["retries"] if completions is None else None,
        "activeDeadlineSeconds": made(seconds(said(workload.spec["timeout"])), workload.spec["timeout"]),
        "template": found.template,
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


def template(workload: Workload, name: Made | None) -> Pod:
    """The pod; once the run has its name, the container is told it (and the name does not depend on that)."""
    env: dict[str, Draft] = {} if name is None else {"MLGEN_RUN": name}
    container: dict[str, Draft] = {"name": CONTAINER, "image": image.of(workload)}
    return pod(workload, container, env=env, spec={"restartPolicy": "Never"})
