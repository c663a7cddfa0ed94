"""A ``pytorch`` workload on JobSet -> a JobSet of one row; a plain Job where one pod is enough."""

from collections.abc import Iterator, Mapping

from mlgen import peers
from mlgen.kinds import jobset, pytorch, training
from mlgen.objects import Object
from mlgen.pod import Pod
from mlgen.site import Workload
from mlgen.trace import Draft

ROLE = "node"


def build(workload: Workload) -> Iterator[Object]:
    """The JobSet, or the Job of one pod."""
    if training.workers(workload) == 1:
        yield from pytorch.alone(workload)
        return
    run = jobset.run(workload, lambda env: [jobset.Row(ROLE, workload.spec["workers"], member(workload, env))])
    yield from training.objects(workload, member(workload, {}), run, peers=True)


def member(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """One of the pods: the first is where all meet."""
    meeting = pytorch.rendezvous(workload, jobset.host(workload, ROLE, 0), peers.INDEX)
    ports: list[Draft] = [{"name": name, "containerPort": port} for name, port in pytorch.RENDEZVOUS.items()]
    return pytorch.trainer(workload, {**env, **meeting}, ports, {"restartPolicy": "Never"})
