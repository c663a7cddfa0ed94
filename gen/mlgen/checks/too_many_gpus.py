"""A workload asks for more GPUs than the environment has."""

from collections.abc import Iterator

from mlgen.demand import pods_at_a_time
from mlgen.links import too_many_gpus
from mlgen.pod import gpu_classes
from mlgen.problem import Problem
from mlgen.site import Workload
from mlgen.trace import said

RULE = too_many_gpus.RULE  # of what is built it says the same, with all that others add


def check(workload: Workload) -> Iterator[Problem]:
    """Pods at a time, times the GPUs of one pod, against the environment's total of the class."""
    for name, count in gpu_classes(workload):
        total = workload.site.offer.find("gpus", name, "total")
        pods = pods_at_a_time(workload.spec)
        environment = said(workload.site.offer["name"])
        if total is not None and pods * int(said(count)) > int(said(total)):
            yield Problem(
                RULE.id,
                count.span,
                f"{_asked(pods, said(count), name)}, and there are {said(total)} in `{environment}`",
                "ask for fewer" + (", or let fewer pods run at a time" if pods > 1 else ""),
                related=((total.span, "so many there are"),),
            )


def _asked(pods: int, each: str, name: str) -> str:
    gpus = f"{each} GPU{'' if each == '1' else 's'} of class `{name}`"
    return f"this asks for {gpus}" if pods == 1 else f"{pods} pods ask for {gpus} each"
