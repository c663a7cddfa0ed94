"""The objects of a workload -> the alerts that mean something for each, as Prometheus writes them.

The metrics are those of kube-state-metrics (kubernetes/kube-state-metrics, docs/metrics) and of the kubelet.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen.beside.needs import Needs, called
from mlgen.node import Node
from mlgen.quantity import seconds
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

AN_HOUR = 3600
A_DAY = 86400
TO_SCHEDULE_AND_PULL = 600


class Alert(NamedTuple):
    """``expression`` is true for ``hold`` before anybody is told; ``severity`` is critical where users notice."""

    name: str
    expression: Made
    hold: Draft
    severity: str
    summary: Made


Names = Sequence[Made]


def alerts(workload: Workload, needs: Needs) -> Iterator[Alert]:
    """Those of every object that is watched; of what a pipeline starts, the pipeline's own tell."""
    for kind, names in needs.watched.items():
        if kind in ALERTS and names and not (workload.stepped and ALERTS[kind] in OF_RUNS):
            yield from ALERTS[kind](workload, names)


def of_job(workload: Workload, names: Names) -> Iterator[Alert]:
    """Only of the run that is wanted now: those before it stay in the cluster, failed or not."""
    failed = _series(workload, "kube_job_failed", "job_name", names, 'condition="true"')
    yield _alert(workload, "JobFailed", f"{failed} > 0", names, "1m", "warning", "has failed and is not tried again")


def of_cron_job(workload: Workload, names: Names) -> Iterator[Alert]:
    """A run that never started, and one that is over and did not end well."""
    due = _series(workload, "kube_cronjob_next_schedule_time", "cronjob", names)
    suspended = _series(workload, "kube_cronjob_spec_suspend", "cronjob", names)
    late = f"time() - {due} > {AN_HOUR} unless {suspended} > 0"
    yield _alert(workload, "CronJobMissed", late, names, "5m", "warning", "was due an hour ago and has not started")
    started = _series(workload, "kube_cronjob_status_last_schedule_time", "cronjob", names)
    succeeded = _series(workload, "kube_cronjob_status_last_successful_time", "cronjob", names)
    active = _series(workload, "kube_cronjob_status_active", "cronjob", names)
    failing = f"{started} unless {succeeded} >= {started} unless {active} > 0"
    yield _alert(workload, "CronJobFailing", failing, names, "5m", "warning", "failed the last time that it ran")


def of_jobs(workload: Workload, names: Names) -> Iterator[Alert]:
    """Of a JobSet, and of what its operator makes one of: Jobs come of it, which are called after it."""
    yield from of_job(workload, [made(f"{said(name)}-.*", *name.sources) for name in names])


def of_pods(workload: Workload, names: Names) -> Iterator[Alert]:
    """Of a run whose operator tells kube-state-metrics nothing: its pods that failed and were not replaced."""
    pods = [made(f"{said(name)}-.*", *name.sources) for name in names]
    failed = _series(workload, "kube_pod_status_phase", "pod", pods, 'phase="Failed"')
    yield _alert(workload, "RunFailed", f"max({failed}) > 0", names, "5m", "warning", "has pods that failed")


def of_cron_workflow(workload: Workload, names: Names) -> Iterator[Alert]:
    """A step's pod that failed in the last day: those of steps that went well are gone, and this one stays a week."""
    pods = [made(f"{said(name)}-[0-9]+-.*", *name.sources) for name in names]
    failed = _series(workload, "kube_pod_status_phase", "pod", pods, 'phase="Failed"')
    started = _series(workload, "kube_pod_start_time", "pod", pods)
    recent = f"count({failed} > 0 and on (pod) time() - {started} < {A_DAY}) > 0"
    yield _alert(workload, "PipelineFailed", recent, names, "1m", "warning", "has a step that failed")


def of_deployment(workload: Workload, names: Names) -> Iterator[Alert]:
    """Nothing answers; or some pods still do not, though the time they have to load is over."""
    ready = _series(workload, "kube_deployment_status_replicas_available", "deployment", names)
    wanted = _series(workload, "kube_deployment_spec_replicas", "deployment", names)
    down = f"{ready} == 0 and {wanted} > 0"
    yield _alert(workload, "ServingDown", down, names, "5m", "critical", "answers no requests: no pod is ready")
    startup = workload.spec.get("startup")
    allowed = 0 if startup is None else seconds(said(startup))
    hold = made(f"{allowed + TO_SCHEDULE_AND_PULL}s", startup)
    slow = "has pods that are not ready in the time they have to start"
    yield _alert(workload, "ServingStartsSlowly", f"{ready} < {wanted}", names, hold, "warning", slow)


def of_ray_service(workload: Workload, names: Names) -> Iterator[Alert]:
    """Its workers are in clusters that are called after it: no pod of theirs is ready."""
    pods = [made(f"{said(name)}-.*-workers-.*", *name.sources) for name in names]
    ready = _series(workload, "kube_pod_status_ready", "pod", pods, 'condition="true"')
    startup = workload.spec["startup"]
    hold = made(f"{seconds(said(startup)) + TO_SCHEDULE_AND_PULL}s", startup)
    message = "answers no requests: no pod is ready, and the time they have to start is over"
    yield _alert(workload, "ServingDown", f"max({ready}) == 0", names, hold, "critical", message)


def of_autoscaler(workload: Workload, names: Names) -> Iterator[Alert]:
    """More is asked of it than it may grow to."""
    label = "horizontalpodautoscaler"
    now = _series(workload, f"kube_{label}_status_current_replicas", label, names)
    most = _series(workload, f"kube_{label}_spec_max_replicas", label, names)
    message = "runs as many pods as it may: raise `replicas.max`, or it slows down"
    yield _alert(workload, "ServingAtItsMost", f"{now} >= {most}", names, "15m", "warning", message)


def of_claim(workload: Workload, names: Names) -> Iterator[Alert]:
    """A full home stops its notebook."""
    free, size = (
        _series(workload, f"kubelet_volume_stats_{word}_bytes", "persistentvolumeclaim", names)
        for word in ("available", "capacity")
    )
    message = "has a home with less than a tenth of its space left"
    yield _alert(workload, "HomeNearlyFull", f"{free} / {size} < 0.1", names, "15m", "warning", message)


ALERTS: Mapping[str, Callable[[Workload, Names], Iterator[Alert]]] = {
    "Job": of_job,
    "CronJob": of_cron_job,
    "TFJob": of_pods,
    "PyTorchJob": of_pods,
    "MPIJob": of_pods,
    "SparkApplication": of_pods,
    "TrainJob": of_jobs,
    "JobSet": of_jobs,
    "Experiment": of_jobs,
    "RayJob": of_job,  # the Job that submits it has its name
    "CronWorkflow": of_cron_workflow,
    "Deployment": of_deployment,
    "RayService": of_ray_service,
    "HorizontalPodAutoscaler": of_autoscaler,
    "PersistentVolumeClaim": of_claim,
}
OF_RUNS = (of_job, of_pods, of_jobs)


def _series(workload: Workload, metric: str, label: str, names: Names, *more: str) -> str:
    every = "|".join(map(said, names))
    chosen = f'{label}="{every}"' if len(names) == 1 and "*" not in every else f'{label}=~"{every}"'
    labels = ",".join([f'namespace="{said(workload.site.namespace)}"', chosen, *more])
    return f"{metric}{{{labels}}}"


def _alert(
    workload: Workload, name: str, expression: str, names: Names, hold: Draft, severity: str, message: str
) -> Alert:
    sources: list[Node | Made] = [workload.site.namespace, *names]
    summary = made(f"{called(workload)} {message}", workload.site.project["name"], workload.key)
    return Alert(name, made(expression, *sources), hold, severity, summary)
