"""A variable that is written twice."""

from collections.abc import Iterator

from mlgen.body import maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="repeated-variable",
    title="A variable that is written twice",
    why="The API server takes both, and the last one counts: whoever changes the first changes nothing.",
    bad='env: [{name: EPOCHS, value: "3"}, {name: EPOCHS, value: "5"}]',
    good='env: [{name: EPOCHS, value: "5"}]',
    source="kube-linter, duplicate-env-var",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """One name twice in one list of variables."""
    for path, container in containers.every(pod):
        env = container.get("env")
        if not isinstance(env, list) or len(env) < 2:
            continue
        seen: set[str] = set()
        for where, variable in maps_at(container, "env"):
            name = text_at(variable, "name")
            if name and name in seen:
                message = f"{code(name)} is written twice, and only the last of them counts"
                yield Fault((*path, *where, "name"), RULE.id, message, "remove one of them")
            seen.add(name)
