"""The environment's scheduler -> what makes all pods of a run start together: its name, its queue, what operators read.

Volcano groups the pods of a Job by itself: the least number of them is an annotation of the Job, the queue one of the
pods (volcano, pkg/controllers/podgroup). Operators group the pods of theirs where they are started with that scheduler.
"""

from mlgen.node import Node
from mlgen.priority import of
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

VOLCANO = "volcano"
# The name of each where nobody has given it another (scheduler-plugins, manifests/install/charts).
USUAL = {VOLCANO: VOLCANO, "coscheduling": "scheduler-plugins-scheduler"}
QUEUE, LEAST = "scheduling.volcano.sh/queue-name", "scheduling.volcano.sh/group-min-member"


def scheduler(workload: Workload) -> Node | None:
    """What the environment says of it, for what runs to its end; all else is placed as ever."""
    return workload.site.offer.get("scheduler") if "run" in workload.spec else None


def name(workload: Workload) -> Made | None:
    """Who places the pods, as they say it; None for the cluster's own scheduler."""
    found = scheduler(workload)
    if found is None:
        return None
    own = found.get("name")
    return made(USUAL[said(found["from"])] if own is None else said(own), own or found["from"])


def pod_notes(workload: Workload) -> dict[str, Draft]:
    """The annotations of the pods: in which of Volcano's queues they wait."""
    queue = _queue(workload)
    return {QUEUE: queue} if queue is not None else {}


def job_notes(workload: Workload, pods: Node | Made) -> dict[str, Draft]:
    """The annotations of a Job whose ``pods`` need each other. No part of what it runs."""
    return {LEAST: made(said(pods), pods)} if _from(workload) == VOLCANO else {}


def policy(workload: Workload, pods: Draft) -> dict[str, Draft]:
    """The part of the run policy of Kubeflow's Training Operator: ``pods`` in all, or none."""
    if scheduler(workload) is None:
        return {}
    kept: dict[str, Draft] = {"minAvailable": pods, "queue": _queue(workload)}
    return {"schedulingPolicy": {**kept, "priorityClass": of(workload, "class") if _queued(workload) else None}}


def spark(workload: Workload) -> dict[str, Draft]:
    """The fields of a SparkApplication: its operator lets the driver start when the executors have room, too."""
    options: dict[str, Draft] = {"queue": _queue(workload), "priorityClassName": of(workload, "class")}
    used = _queued(workload) and any(value is not None for value in options.values())
    return {"batchScheduler": name(workload), "batchSchedulerOptions": options if used else None}


def ray(workload: Workload) -> dict[str, Draft]:
    """The labels of a RayJob, which KubeRay takes over to the cluster. No part of what it runs."""
    found = scheduler(workload)
    if found is None:
        return {}
    if not _queued(workload):
        return {"ray.io/gang-scheduling-enabled": made("true", found["from"])}
    wanted = {"volcano.sh/queue-name": _queue(workload), "ray.io/priority-class-name": of(workload, "class")}
    return {key: value for key, value in wanted.items() if value is not None}


def _from(workload: Workload) -> str:
    found = scheduler(workload)
    return said(found["from"]) if found is not None else ""


def _queued(workload: Workload) -> bool:
    return _from(workload) == VOLCANO


def _queue(workload: Workload) -> Node | None:
    found = scheduler(workload)
    return found.get("queue") if found is not None else None
