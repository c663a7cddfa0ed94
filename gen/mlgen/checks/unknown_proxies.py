"""A closed network in an environment that does not say where requests come from."""

from collections.abc import Iterator

from mlgen.beside.network import proxies
from mlgen.node import Node
from mlgen.problem import MlgenError, Problem
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="unknown-proxies",
    title="A closed network without the place that requests come from",
    why="Nothing would let the ingress controller through to the pods: every host would answer with an error.",
    bad="network: {default: deny, ingress: {class: nginx}}",
    good="network: {default: deny, ingress: {class: nginx, proxies: ingress-nginx}}",
)


def check(environment: Node) -> Iterator[Problem]:
    """A gateway has a namespace of its own; an ingress class has none. An address must be one."""
    network = environment["network"]
    if network["default"].value != "deny":
        return
    ingress = network.get("ingress")
    if ingress is not None and "proxies" not in ingress:
        controller = ingress["class"]
        yield Problem(
            RULE.id,
            controller.span,
            f"the network is closed, and nobody knows where the requests of `{said(controller)}` come from",
            "add `proxies: NAMESPACE`, the namespace of the controller's pods, beside `class`",
            related=((network["default"].span, "the network is closed here"),),
        )
    try:
        list(proxies(environment))
    except MlgenError as error:
        yield from error.problems
