"""A release of something that the project does not have."""

from collections.abc import Iterable, Iterator

from mlgen import image_name, plans
from mlgen.node import Node
from mlgen.override import runs_in
from mlgen.problem import Problem, Span
from mlgen.rules.rule import Rule
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="unused-release",
    title="A release of an environment, an image, a model or a run that the project does not have",
    why="It pins nothing: what it was meant for runs unpinned.",
    bad="environments:\n  prod: {images: {chrun: 1.4.2}}          # the image is `churn`",
    good="environments:\n  prod: {images: {churn: 1.4.2}}",
)

ENDLESS = ("notebook", "serving")  # all other kinds run to their end


def check(project: Node, releases: Node) -> Iterator[Problem]:
    """Every name in releases.yaml against the project."""
    images, models = _images(project), _models(project)
    environments = project["environments"].entries
    for environment, release in releases["environments"].entries.items():
        if environment not in environments:
            span = releases["environments"].key_span(environment)
            yield _problem(span, f"the project does not run in `{environment}`", environment, environments)
            continue
        for place, known in (("images", images), ("models", models)):
            entries = release.get(place)
            for name in entries.entries if entries is not None else ():
                if entries is not None and name not in known:
                    yield _problem(entries.key_span(name), f"no workload uses the {place[:-1]} `{name}`", name, known)
        yield from _idle_requests(project, environment, release)


def _idle_requests(project: Node, environment: str, release: Node) -> Iterator[Problem]:
    """Runs that were asked for and that nothing there would start."""
    workloads, stepping = project["workloads"].entries, plans.stepping(project, environment)
    runs = release.get("runs")
    for name in runs.entries if runs is not None else ():
        if runs is not None and name not in workloads:
            ending = {key for key, node in workloads.items() if _ends(node)}
            yield _problem(runs.key_span(name), f"the project has no workload `{name}` that could run", name, ending)
        elif runs is not None and not _ends(workloads[name]):
            message = f"`{name}` is no run that can be asked for: it serves, or it runs on a schedule"
            yield _problem(runs.key_span(name), message, name, ())
        elif runs is not None and not runs_in(workloads[name], environment):
            message = f"`{name}` does not run in `{environment}`"
            yield _problem(runs.key_span(name), message, name, ())
        elif runs is not None and name in stepping:
            message = f"`{name}` is no run that can be asked for in `{environment}`: `{stepping[name]}` starts it"
            yield _problem(runs.key_span(name), message, name, ())


def _ends(workload: Node) -> bool:
    """Whether a workload is something that runs to its end when it is asked to."""
    return said(workload["kind"]) not in ENDLESS and "schedule" not in workload


def _problem(span: Span, message: str, name: str, known: Iterable[str]) -> Problem:
    meant = closest(name, known)
    return Problem(RULE.id, span, message, f"did you mean `{meant}`?" if meant else "remove it", "warning")


def _specs(project: Node) -> Iterator[Node]:
    """Every place where a project names an image or a model, what an environment changes included."""
    yield project
    yield from project["workloads"].entries.values()
    for override in project["environments"].entries.values():
        yield override
        yield from override["workloads"].entries.values() if "workloads" in override else ()


def _images(project: Node) -> set[str]:
    named = (spec.find(*path) for spec in _specs(project) for path in (("image",), ("canary", "image")))
    texts = (said(node) for node in named if node is not None and isinstance(node.value, str))
    return {image_name.parse(text).repository for text in texts}


def _models(project: Node) -> set[str]:
    named = (spec.find("model", "name") for spec in _specs(project))
    return {said(node) for node in named if node is not None}
