"""A ``serving`` workload on KServe 0.16 -> an InferenceService, and another one for its canary.

In the mode `Standard` this version has no canary of its own, and passes over `canaryTrafficPercent`: the route shares
requests out.
"""

from collections.abc import Iterator

from mlgen.kinds import kserve, serving
from mlgen.objects import Object
from mlgen.site import Workload


def build(workload: Workload) -> Iterator[Object]:
    """What answers, and the way in."""
    found = kserve.parts(workload)
    for part in found:
        _, most = serving.replicas(part.workload)
        yield from kserve.around(part, autoscaled=most is not None)
        yield kserve.inference_service(part)
    yield from kserve.way_in(workload, found)
