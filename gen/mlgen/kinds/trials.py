"""A sweep, on whatever back-end -> what is wrong with its search, and what the pod of each trial is told.

A trial finds its values in a file, as JSON: on a plain cluster one Job has a single template for all of its pods, which
no variable of theirs can tell apart but their number; and a file is what each can see another part of.
"""

from collections.abc import Iterator, Mapping

from mlgen import image
from mlgen.beside.needs import metrics_port
from mlgen.node import Node
from mlgen.pod import Pod, Volume, pod
from mlgen.problem import MlgenError, Problem
from mlgen.quantity import seconds
from mlgen.search_space import MOST, grid_size, number_of_trials, range_of
from mlgen.shared_memory import shared_memory
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

CONTAINER = "main"
VOLUME = "parameters"
PARAMETERS = "/etc/mlgen/parameters.json"
TRIAL = "MLGEN_TRIAL"
OBJECTIVE = {"MLGEN_OBJECTIVE": "metric", "MLGEN_GOAL": "goal"}
VARIABLES = ("MLGEN_PARAMETERS", TRIAL, *OBJECTIVE)


def trial(workload: Workload, env: Mapping[str, Draft], name: Draft, source: Volume, **container: Draft) -> Pod:
    """The pod of one trial, which ``name`` tells from the others; ``source`` has its values."""
    own: dict[str, Draft] = {"MLGEN_PARAMETERS": PARAMETERS, TRIAL: name}
    wanted = workload.spec.get("objective")
    told: dict[str, Draft] = {} if wanted is None else {name: wanted[key] for name, key in OBJECTIVE.items()}
    timeout = workload.spec["timeout"]
    return pod(
        workload,
        {"name": CONTAINER, "image": image.of(workload), "ports": metrics_port(workload) or None, **container},
        volumes=[shared_memory(workload), source],
        env={**env, **own, **told},
        spec={"restartPolicy": "Never", "activeDeadlineSeconds": made(seconds(said(timeout)), timeout)},
    )


def at_most(workload: Workload, key: str) -> Made | None:
    """A number of trials: no more than there are. None where the spec says nothing."""
    number = workload.spec.get(key)
    most = number_of_trials(workload.spec)
    return None if number is None else made(min(int(said(number)), most), number, workload.spec["parameters"])


def searched(workload: Workload) -> str:
    """The algorithm. Raises MlgenError for a search that cannot be made."""
    found = [*_ranges(workload.spec), *_numbers(workload.spec)]
    if found:
        raise MlgenError(*found)
    return said(workload.spec["algorithm"])


def _ranges(spec: Node) -> Iterator[Problem]:
    """Ranges that have no numbers, or none that could be told."""
    for name, node in spec["parameters"].entries.items():
        span = range_of(node)
        if span is None:
            continue
        if span.least >= span.most:
            message = f"`{name}` goes from {said(node['min'])} to {said(node['max'])}, and nothing lies between"
            yield Problem("bad-range", node["max"].span, message, "`min` is the smaller one")
        elif span.log and span.least <= 0:
            message = f"`{name}` goes from {said(node['min'])}, and only what is above zero has a logarithm"
            yield Problem("bad-range", node["min"].span, message, "raise `min`, such as to `0.0001`, or remove `scale`")
        elif span.log and "step" in node:
            message = f"`{name}` has even steps and a logarithmic scale"
            yield Problem("bad-range", node["step"].span, message, "remove one of the two, or list the values")
        elif span.step is not None and span.step > span.most - span.least:
            message = f"a step of {said(node['step'])} leads out of the range of `{name}` at once"
            yield Problem("bad-range", node["step"].span, message, "make it smaller")
        elif said(spec["algorithm"]) == "grid" and (span.step is None or span.log):
            why = "the steps of a grid are even" if span.log else "a grid of it has no end"
            message = f"`{name}` has {'a logarithmic scale' if span.log else 'no steps'}, and {why}"
            others = "list the values" if span.log else "list the values, give it a `step`"
            hint = f"{others}, or say `algorithm: random` with the number of `trials`"
            yield Problem("bad-range", spec["parameters"].key_span(name), message, hint)


def _numbers(spec: Node) -> Iterator[Problem]:
    """Numbers of trials that do not fit, and what says nothing beside the algorithm."""
    algorithm, asked, size = spec["algorithm"], spec.get("trials"), grid_size(spec["parameters"])
    if asked is None and said(algorithm) != "grid":
        message = f"nothing says how many trials `algorithm: {said(algorithm)}` makes"
        yield Problem("bad-trials", algorithm.span, message, "add their number, such as `trials: 20`")
    if said(algorithm) == "grid" and size is not None and size > int(said(asked) if asked else MOST):
        at, most = (asked.span, said(asked)) if asked is not None else (spec.key_span("parameters"), str(MOST))
        message = f"the grid has {size} points, and {most} trials are the most"
        yield Problem("bad-trials", at, message, "list fewer values, or take a sample of them: `algorithm: random`")
    elif asked is not None and size is not None and size < int(said(asked)):
        message = f"{said(asked)} trials, but there are only {size} different ones"
        hint = "lower it, or remove it" if said(algorithm) == "grid" else "lower it, or try all: `algorithm: grid`"
        yield Problem("bad-trials", asked.span, message, hint)
    if "seed" in spec and said(algorithm) == "grid":
        yield Problem("no-effect", spec.key_span("seed"), "`seed` has no effect on a grid", "remove it")
    if "earlyStopping" in spec and "objective" not in spec:
        message = "`earlyStopping` has no effect without `objective`"
        yield Problem("no-effect", spec.key_span("earlyStopping"), message, "add `objective`, or remove it")
