"""A pod asks for more GPUs than any node has."""

from collections.abc import Iterator

from mlgen.faults.case import code
from mlgen.footprint import footprint, place
from mlgen.gathered import Gathered, Setting
from mlgen.gpu_classes import classes, gpus
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="gpus-per-node",
    title="A pod asks for more GPUs than a node has",
    why="No node can ever take it: it stays Pending, however many GPUs are free.",
    bad="resources: {gpu: {a100: 16}}          # the environment says `perNode: 8`",
    good="workers: 2\nresources: {gpu: {a100: 8}}",
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """What one pod asks for against one node of its class, where the environment says how many that has."""
    if setting.offer is None or not classes(setting.offer):
        return
    for share in footprint(objects):
        for name, resource, count in gpus(share, setting.offer):
            most = setting.offer.find("gpus", name, "perNode")
            if most is not None and count > int(said(most)):
                message = f"a pod asks for {count} GPUs of class {code(name)}, and a node has {said(most)}"
                hint = "ask for fewer in each pod, and let more pods run together"
                yield Finding(share.body, Fault(place(share, f"requests.{resource}"), RULE.id, message, hint))
