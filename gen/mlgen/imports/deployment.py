"""A Deployment, with the Service before it -> a workload of kind `serving` with a server of its own."""

from mlgen.imports.form import Asked, Form
from mlgen.imports.naming import Words
from mlgen.imports.source import Source, text, whole
from mlgen.node import Json, Node, Path

POD: Path = ("spec", "template", "spec")
CONTAINER: Path = (*POD, "containers", 0)


def words(asked: Asked) -> Words:
    """A server of its own, and the path at which it says that it is ready."""
    body = asked.body
    health = text(body, *CONTAINER, "readinessProbe", "httpGet", "path")
    health = health or text(body, *CONTAINER, "livenessProbe", "httpGet", "path")
    return {
        "server": "custom",
        "port": whole(body, *CONTAINER, "ports", 0, "containerPort"),
        "health": health or None,
    }


def least(node: Node) -> Json:
    """How many pods answer."""
    return {"min": node.plain()}


def answers(source: Source) -> bool:
    """Whether it has a port, and so answers somebody."""
    return whole(source.body, *CONTAINER, "ports", 0, "containerPort") is not None


def silent(_: Source) -> str:
    """Why not."""
    return "it has no port, and every kind that never ends answers on one"


FORM = Form(
    kind="serving",
    pods=(POD,),
    says={("spec", "replicas"): ("replicas", least)},
    more=words,
    wiring=(("spec", "selector"),),
    fits=answers,
    otherwise=silent,
)
