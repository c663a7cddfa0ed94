"""A Notebook whose state its pages cannot show."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="notebook-container",
    title="A Notebook's container has another name than the Notebook",
    why="The controller copies the state of the container that is called like the Notebook; without one, Kubeflow's "
    "pages show for ever that it is starting. It also sets port and working directory on the first container only.",
    bad="metadata: {name: lab}\nspec: {template: {spec: {containers: [{name: main, ...}]}}}",
    good="metadata: {name: lab}\nspec: {template: {spec: {containers: [{name: lab, ...}]}}}",
    source="kubeflow/kubeflow v1.10, components/notebook-controller/controllers/notebook_controller.go: "
    "createNotebookStatus, generateStatefulSet",
)
CONTAINERS = ("spec", "template", "spec", "containers")


def check(body: Body) -> Iterator[Fault]:
    """The first container's name."""
    own, found = text_at(body, "metadata", "name"), list(maps_at(body, *CONTAINERS))
    if own and found and found[0][1].get("name") != own and isinstance(found[0][1].get("name"), str):
        message = f"the first container is called {code(found[0][1]['name'])}, and the Notebook {code(own)}"
        yield Fault((*found[0][0], "name"), RULE.id, message, f"call it `name: {own}`", "warning")
