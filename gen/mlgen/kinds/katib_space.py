"""The `parameters` of a sweep -> those of an Experiment of Katib 0.19, and the text into which it puts their values.

What has steps is a list there: of a step, each of Katib's algorithms makes something else (hyperopt's `quniform` takes
its multiples, goptuna none). A grid has the very values that a plain cluster would try.
"""

import json
from collections.abc import Iterator

from mlgen.node import Node, Scalar
from mlgen.problem import MlgenError, Problem
from mlgen.search_space import MOST, range_of, values
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

LOGARITHMIC = ("random", "tpe", "multivariate-tpe")
SKOPT = "bayesianoptimization"  # to skopt's Katib gives every range of fractions as logarithmic, and no other
OF_RANGES, FEWEST = "cmaes", 2
UNSAYABLE = '"\\$'


def parameters(workload: Workload, algorithm: str) -> list[Draft]:
    """Each parameter. Raises MlgenError for what Katib cannot search."""
    every = workload.spec["parameters"]
    found = [*_without_an_objective(workload), *_unfit(every, workload.spec["algorithm"])]
    if found:
        raise MlgenError(*found)
    return [{"name": name, **_parameter(node, algorithm)} for name, node in every.entries.items()]


def text(every: Node) -> str:
    """The values of a trial as JSON, with a mark for each: text has its quotes here."""
    marks = {name: f"${{trialParameters.{name}}}" for name in every.entries}
    parts = (
        f'{json.dumps(name)}: "{marks[name]}"' if _of_text(node) else f"{json.dumps(name)}: {marks[name]}"
        for name, node in every.entries.items()
    )
    return f"{{{', '.join(parts)}}}"


def _parameter(node: Node, algorithm: str) -> dict[str, Draft]:
    span = range_of(node)
    if span is None or algorithm == "grid" or "step" in node:
        listed = [made(_written(value), node) for value in values(node)]
        numbers = span is not None or not any(isinstance(item.value, (str, bool)) for item in node.items)
        return {"parameterType": "discrete" if numbers else "categorical", "feasibleSpace": {"list": listed}}
    return {
        "parameterType": "int" if span.whole else "double",
        "feasibleSpace": {
            "min": made(_written(span.written(span.least)), node["min"]),
            "max": made(_written(span.written(span.most)), node["max"]),
            "distribution": made("logUniform", node["scale"]) if span.log else None,
        },
    }


def _written(value: Scalar) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _of_text(node: Node) -> bool:
    return any(isinstance(item.value, str) for item in node.items)


def _without_an_objective(workload: Workload) -> Iterator[Problem]:
    if "objective" in workload.spec:
        return
    offer = workload.site.offer
    chosen = offer["platform"]["sweep"]
    message = f"nothing says by what Katib, which runs sweeps in `{said(offer['name'])}`, compares the trials"
    hint = "add `objective: {metric: NAME}`, the name by which the program prints it"
    related = ((chosen.span, "Katib"),)
    yield Problem("no-objective", workload.key.span, message, hint, related=related)


def _unfit(every: Node, algorithm: Node) -> Iterator[Problem]:
    ranges = [node for node in every.entries.values() if node.entries and "step" not in node]
    for name, node in every.entries.items():
        span = range_of(node)
        if span is None:
            yield from _unfit_values(name, node)
        elif span.log and said(algorithm) not in LOGARITHMIC and (span.whole or said(algorithm) != SKOPT):
            message = f"`algorithm: {said(algorithm)}` of Katib knows no logarithmic scale, which `{name}` has"
            yield Problem("bad-range", node["scale"].span, message, "say `algorithm: tpe`, or remove `scale`")
        elif said(algorithm) == SKOPT and not span.whole and span.step is None and span.least <= 0:
            message = f"`algorithm: {SKOPT}` of Katib takes logarithms, and `{name}` goes from {said(node['min'])}"
            yield Problem("bad-range", node["min"].span, message, "raise `min` above zero, or say `algorithm: tpe`")
        elif "step" in node and (span.number or 0) > MOST:
            message = f"`{name}` has {span.number} steps, and Katib takes a list of {MOST} values at most"
            yield Problem("bad-range", node["step"].span, message, "make it greater, or remove it")
    if said(algorithm) == OF_RANGES and len(ranges) < FEWEST:
        message = f"`algorithm: {OF_RANGES}` searches {FEWEST} ranges without steps at least"
        yield Problem("bad-range", algorithm.span, message, "say `algorithm: tpe`")


def _unfit_values(name: str, node: Node) -> Iterator[Problem]:
    for item in node.items:
        if isinstance(item.value, str) and (set(item.value) & set(UNSAYABLE) or not item.value.isprintable()):
            message = f"Katib cannot put this value of `{name}` into a text"
            yield Problem(
                "bad-value", item.span, message, "write it without quotes, backslashes, dollars and line ends"
            )
        elif _of_text(node) and not isinstance(item.value, str):
            message = f"`{name}` has both text and what is none, and Katib has one sort of value"
            yield Problem("bad-value", item.span, message, "put it into quotes, and let the program take text")
