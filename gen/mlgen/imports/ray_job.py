"""A RayJob with a cluster of its own -> a workload of kind `ray`."""

import shlex

from mlgen.imports import container
from mlgen.imports.form import Asked, Form, plainly
from mlgen.imports.form import duration as seconds
from mlgen.imports.naming import Words
from mlgen.imports.source import text, whole
from mlgen.node import Json, Path

CLUSTER: Path = ("spec", "rayClusterSpec")
HEAD: Path = (*CLUSTER, "headGroupSpec", "template", "spec")
GROUP: Path = (*CLUSTER, "workerGroupSpecs", 0)
WORKER: Path = (*GROUP, "template", "spec")
SHELL = frozenset("\n;|&<>$`*?#~!")


def words(asked: Asked) -> Words:
    """The program, how many do the work, and what the head asks for."""
    first = asked.body.find(*HEAD, "containers", 0)
    return {
        "command": program(text(asked.body, "spec", "entrypoint")),
        "args": None,
        "workers": whole(asked.body, *GROUP, "replicas"),
        "head": container.size(first) if first is not None else {},
    }


def program(line: str) -> Json:
    """The words of a line that a shell reads; where it has more for the shell than words, a shell that reads it."""
    try:
        words = shlex.split(line)
    except ValueError:
        words = []
    if not words or SHELL & {*line}:
        return ["sh", "-c", line.strip()] if line.strip() else None
    return list[Json](words)


FORM = Form(
    kind="ray",
    platform="kuberay-1.4",
    pods=(HEAD, WORKER),
    sized=(WORKER,),
    says={
        (*CLUSTER, "rayVersion"): ("version", plainly),
        ("spec", "backoffLimit"): ("retries", plainly),
        ("spec", "activeDeadlineSeconds"): ("timeout", seconds),
    },
    more=words,
    exact=(CLUSTER, (*CLUSTER, "headGroupSpec", "rayStartParams")),
)
