"""torchrun starts another number of processes than there are GPUs."""

import re
from collections.abc import Iterator

from mlgen.body import list_at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="torch-processes",
    title="torchrun starts another number of processes than there are GPUs",
    why=("With more processes than GPUs two share one and run out of memory; with fewer, a GPU is paid for and idle."),
    bad="command: [torchrun, --nproc_per_node=8, train.py]          # limits: {nvidia.com/gpu: 4}",
    good="command: [torchrun, --nproc_per_node=gpu, train.py]",
    source="https://docs.pytorch.org/docs/stable/elastic/run.html",
    severity="warning",
    ignorable=True,
)

FLAG = re.compile(r"--nproc[-_]per[-_]node(?:[= ])([0-9]{1,3})(?![0-9.])")


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """A number after `--nproc_per_node` against the container's whole GPUs."""
    for path, container in containers.main(pod):
        gpus = [count for name, count in containers.gpus(container).items() if name.endswith("/gpu")]
        if len(gpus) != 1:
            continue
        for key in ("command", "args"):
            words = [word if isinstance(word, str) else "" for word in list_at(container, key)]
            found = FLAG.search(" ".join(words))
            if found is not None and int(found[1]) != gpus[0]:
                message = f"torchrun starts {found[1]} processes, and the container has {gpus[0]} GPUs"
                index = next(index for index, word in enumerate(words) if "nproc" in word)
                hint = "write `--nproc_per_node=gpu`, or the same number"
                yield Fault((*path, key, index), RULE.id, message, hint, "warning")
