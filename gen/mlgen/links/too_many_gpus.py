"""Something asks for more GPUs than the environment has."""

from collections.abc import Iterator

from mlgen.faults.case import code
from mlgen.footprint import Share, footprint, place
from mlgen.gathered import Gathered, Setting
from mlgen.gpu_classes import classes, gpus
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="too-many-gpus",
    title="Something asks for more GPUs than the environment has",
    why="Some of its pods would wait for a node for ever, while the others hold theirs.",
    bad="completions: 32\nresources: {gpu: {a100: 1}}      # the environment has 16",
    good="completions: 32\nparallelism: 16\nresources: {gpu: {a100: 1}}",
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """All pods of an object that run at a time, autoscaled as far as that goes, against the total of the class."""
    if setting.offer is None or not classes(setting.offer):
        return
    asked: dict[tuple[int, str], list[tuple[int, int, Share, str]]] = {}
    for share in footprint(objects):
        for name, resource, count in gpus(share, setting.offer):
            asked.setdefault((share.body, name), []).append((share.most * count, count, share, resource))
    for (index, name), found in asked.items():
        total, wanted = setting.offer.find("gpus", name, "total"), sum(part[0] for part in found)
        if total is not None and wanted > int(said(total)):
            _, each, share, resource = max(found, key=lambda part: part[0])
            pods = f" ({share.most} pods with {each} each)" if len(found) == 1 and share.most > 1 else ""
            message = f"this asks for {wanted} GPUs of class {code(name)} at a time{pods}, and there are {said(total)}"
            hint = "ask for fewer, or let fewer pods run at a time"
            yield Finding(index, Fault(place(share, f"requests.{resource}"), RULE.id, message, hint))
