"""The environment's queue -> a project's LocalQueue of Kueue, and the label by which a run waits in it.

Kueue holds back what has the label until there is room for all of its pods at once. It is no part of a run's content:
a run that is queued elsewhere is the same run.
"""

from collections.abc import Iterator, Mapping

from mlgen import priority
from mlgen.objects import Object, labels, metadata
from mlgen.site import Site, Workload
from mlgen.trace import Draft, Made, made, said

LABEL = "kueue.x-k8s.io/queue-name"
AHEAD = "kueue.x-k8s.io/priority-class"
# The newest version of its API that each version of Kueue serves (kueue, apis/kueue, by release).
APIS: Mapping[str, str] = {
    "kueue-0.14": "kueue.x-k8s.io/v1beta1",
    "kueue-0.19": "kueue.x-k8s.io/v1beta2",
}


def objects(site: Site) -> Iterator[Object]:
    """Nothing without a queue."""
    queue = site.offer.get("queue")
    if queue is None:
        return
    body: dict[str, Draft] = {
        "apiVersion": made(APIS[said(queue["from"])], queue["from"]),
        "kind": "LocalQueue",
        "metadata": metadata(site, name(site), labels(site, None)),
        "spec": {"clusterQueue": queue["cluster"]},
    }
    yield Object(body, (queue,))


def queued(workload: Workload) -> dict[str, Draft]:
    """The labels of what waits: where, and ahead of whom."""
    if workload.site.offer.get("queue") is None:
        return {}
    ahead = priority.of(workload, "queue")
    return {LABEL: name(workload.site), **({AHEAD: ahead} if ahead is not None else {})}


def name(site: Site) -> Made:
    """Each project has a queue of its own, also in a namespace that others share."""
    return made(site.name, site.project["name"], site.offer["queue"])
