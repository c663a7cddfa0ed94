"""A ``serving`` workload on KServe 0.20 -> an InferenceService, which has its canary too.

KServe keeps a canary at a fixed number of pods, which it takes off the server's own, and lays its predictor over the
server's: what differs is said, its name among it (kserve, components/predictor.go, buildCanaryPredictor).
"""

from collections.abc import Iterator

from mlgen.kinds import kserve, serving
from mlgen.kinds.kserve import Part
from mlgen.objects import Object
from mlgen.site import Workload
from mlgen.trace import Draft


def build(workload: Workload) -> Iterator[Object]:
    """What answers, and the way in."""
    found = kserve.parts(workload)
    stable, others = found[0], found[1:]
    _, most = serving.replicas(workload)
    yield kserve.inference_service(stable, [canary(workload, part) for part in others] or None)
    for part in found:
        yield from kserve.around(part, autoscaled=part is stable and most is not None)
    yield from kserve.way_in(workload, found)


def canary(workload: Workload, part: Part) -> Draft:
    """One canary: its share of the requests, and its predictor, whose name its pods and their Deployment carry."""
    least, _ = serving.replicas(part.workload)
    return {
        "trafficPercent": workload.spec["canary"]["weight"],
        "predictor": {"name": part.workload.part, "minReplicas": least, **kserve.predictor(part)},
    }
