"""A workload of a kind that the platform repository adds, and the template of a back-end -> its objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from mlgen import beside, image, runs, template
from mlgen.beside.needs import Metrics, Needs, watching
from mlgen.kinds.training import without
from mlgen.node import Node
from mlgen.objects import Object, metadata, named, selector, service_account, workload_labels
from mlgen.own import expression
from mlgen.own.expression import Part, Text
from mlgen.pod import Pod, pod
from mlgen.problem import MlgenError, Problem
from mlgen.quantity import seconds
from mlgen.shared_memory import shared_memory
from mlgen.site import Workload
from mlgen.suggest import did_you_mean
from mlgen.trace import Draft, Made, made, said

ADDRESS = ("apiVersion", "kind", "name", "metadata")
PORT = "metrics"


@dataclass(frozen=True, slots=True)
class Template:
    """The template of a back-end, as something that builds workloads."""

    node: Node

    def build(self, workload: Workload) -> Iterator[Object]:
        """Every object of ``workload``. Raises MlgenError where the environment does not offer what it needs."""
        filling = Filling(workload, self.node)
        yield service_account(workload)
        for one in filling.pods.values():
            yield from one.objects
        watched = []
        if (run := self.node.get("run")) is not None:
            spec = partial(_spec, workload, self.node)
            watched.append(runs.run(workload, said(run["apiVersion"]), said(run["kind"]), spec))
        watched += [_object(workload, item, filling) for item in _items(self.node, "objects")]
        yield from watched
        yield from beside.objects(workload, _needs(self.node, filling, watched))


class Filling:
    """The values that expressions of one template name, for one workload; ``env`` are variables of its pods."""

    def __init__(self, workload: Workload, node: Node, env: Mapping[str, Draft] | None = None) -> None:
        self.workload = workload
        self.run = (env or {}).get(runs.VARIABLE) or named(workload)  # while a run is named, its hash is not known
        self.pods: dict[str, Pod] = {}  # an expression in a pod names none of the pods
        self.pods = {name: self.pod(name, one, env or {}) for name, one in _entries(node, "pods").items()}

    def pod(self, name: str, node: Node, env: Mapping[str, Draft]) -> Pod:
        """One pod, made as those of every kind are, of the workload without what the template says otherwise."""
        spec = self.workload.spec
        said_here = {key: self.words(node[key]) for key in ("command", "args") if key in node}
        for key in (*said_here, *(said(item) for item in _items(node, "without"))):
            spec = without(spec, key)
        if "resources" in node:
            asked = _node(self.value(node["resources"]), node["resources"])
            _known_gpus(self.workload, asked)
            spec = replace(spec, value={**spec.entries, "resources": asked})
        workload = replace(self.workload, spec=spec)
        container = {
            "name": made(name, node),
            "image": image.of(workload),
            **self.values(node, "container"),
            **said_here,
        }
        found = {key: self.text(one) for key, one in _entries(node, "env").items()}
        variables = {key: one for key, one in found.items() if one is not None}
        volumes = [shared_memory(workload)] if _is_true(node, "sharedMemory") else []
        return pod(workload, container, volumes=volumes, env={**env, **variables}, spec=self.values(node, "spec"))

    def values(self, node: Node, key: str) -> dict[str, Draft]:
        """The values of a map of the template."""
        return {name: self.value(one) for name, one in _entries(node, key).items()}

    def words(self, node: Node) -> Draft:
        """A command line, whose words are text; what is not there is left out of it."""
        if not isinstance(node.value, list):
            return self.value(node)
        return made([one for one in map(self.text, node.items) if one is not None], node)

    def text(self, node: Node) -> Draft:
        """A value that is text whatever it is; None where what it names is not there."""
        found = self.value(node)
        return None if found is None else made(_text(found), *_sources(found), node)

    def value(self, node: Node) -> Draft:
        """What a part of the template comes to; None where all that it names is not there."""
        if node.value is None:
            return None
        if isinstance(node.value, dict):
            found = {key: self.value(one) for key, one in node.entries.items()}
            return None if node.value and all(one is None for one in found.values()) else made(found, node)
        if isinstance(node.value, list):
            return made([one for one in map(self.value, node.items) if one is not None], node)
        text = expression.read(node)
        if text is None:
            return node
        if text.alone and text.parts[0].typed:
            return self.whole(node, text.parts[0])
        return self.joined(node, text)

    def joined(self, node: Node, text: Text) -> Draft:
        """A text with its expressions filled in."""
        pieces: list[str] = []
        sources: list[Node] = []
        end = 0
        for part in text.parts:
            found = self.named(part)
            filtered = part.expression.filtered(None if found is None else _text(found))
            pieces += [text.text[end : part.start], template.plain(filtered, part.source)]
            sources += _sources(found)
            end = part.stop
        return made("".join([*pieces, text.text[end:]]), *sources, node)

    def whole(self, node: Node, part: Part) -> Draft:
        """The value of an expression that stands alone: whatever it is."""
        found = self.named(part)
        if found is None:
            return None
        if part.makes:
            text = _text(found)
            return made(seconds(text) if part.makes == "seconds" else text, *_sources(found), node)
        return found if isinstance(found, (Node, Made)) else made(found, node)

    def named(self, part: Part) -> Draft:
        """What an expression names; None if it is not there."""
        workload = self.workload
        if part.group == "pods":
            return _part_of(self.pods[part.path[0]], part.path[1:])
        if part.written == "workload.name":
            return workload.key
        if part.group == "workload":
            return workload.spec.find(*part.path)
        if part.group == "run":
            return self.run
        labels = workload_labels(workload)
        own: Mapping[str, Draft] = {
            "name": named(workload),
            "namespace": workload.site.namespace,
            "labels": labels,
            "selector": selector(labels),
        }
        if part.group == "object":
            return own[part.name]
        found = workload.site.names[part.group][part.name]
        return None if isinstance(found, template.Absent) else _place(workload, part.group, part.name, found)


def _spec(workload: Workload, node: Node, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """The spec of the run, whose pods have the variables ``env``."""
    found = Filling(workload, node, env).value(node["run"]["spec"])
    inner = found.value if isinstance(found, Made) else found
    return inner if isinstance(inner, Mapping) else {}


def _object(workload: Workload, item: Node, filling: Filling) -> Object:
    """One object that stays."""
    suffix = item.get("name")
    name = named(workload, *([said(suffix)] if suffix is not None else []))
    more = filling.values(item, "metadata")
    labels = {**_mapping(more.pop("labels", None)), **workload_labels(workload)}
    body: dict[str, Draft] = {
        "apiVersion": item["apiVersion"],
        "kind": item["kind"],
        "metadata": metadata(workload.site, name, labels, **more),
        **{key: filling.value(one) for key, one in item.entries.items() if key not in ADDRESS},
    }
    return Object(body, (workload.key,))


def _needs(node: Node, filling: Filling, watched: list[Object]) -> Needs:
    """What the pods need of the network, and of those who watch."""
    network, shown = node.get("network"), filling.values(node, "metrics")
    return Needs(
        ports=filling.values(network, "ports") if network is not None else {},
        callers=filling.values(network, "callers") if network is not None else {},
        peers=network is not None and _is_true(network, "peers"),
        api_server=network is not None and _is_true(network, "apiServer"),
        metrics=Metrics(PORT, shown.get("path") or "/metrics", shown["port"]) if shown else None,
        watched=watching(*watched),
    )


def _part_of(whole: Pod, path: tuple[str, ...]) -> Draft:
    """The pod's template, or one of its two halves."""
    found = whole.template
    return found[path[0]] if path and isinstance(found, Mapping) else found


def _place(workload: Workload, group: str, name: str, text: str) -> Draft:
    """A name that all templates may use, with the place that says it."""
    document = {"project": workload.site.project, "environment": workload.site.offer}.get(group)
    node = document.get(name) if document is not None else None
    return made(text, node) if node is not None else text


def _known_gpus(workload: Workload, asked: Node) -> None:
    """Raises MlgenError for a class of GPU that the environment does not have: of a kind's own keys no check knows."""
    gpus, known = asked.get("gpu"), workload.site.offer["gpus"].entries
    for name in gpus.entries if gpus is not None else ():
        if gpus is not None and name not in known:
            message = f"there are no GPUs of class `{name}` in `{said(workload.site.offer['name'])}`"
            hint = did_you_mean(name, known) or "ask for none, or give the environment this class"
            raise MlgenError(Problem("unknown-gpu", gpus.key_span(name), message, hint))


def _node(draft: Draft, written: Node) -> Node:
    """A map of amounts as a spec has it."""
    if isinstance(draft, Node):
        return draft
    inner = draft.value if isinstance(draft, Made) else draft
    if isinstance(inner, Node):
        return inner
    if isinstance(inner, Mapping):
        return replace(written, value={key: _node(one, written) for key, one in inner.items() if one is not None})
    sources = draft.sources if isinstance(draft, Made) else ()
    return replace(sources[0] if sources else written, value=inner)  # type: ignore[arg-type]  # a scalar


def _text(draft: Draft) -> str:
    """A scalar as text of a manifest has it."""
    inner = draft.value if isinstance(draft, (Node, Made)) else draft
    if isinstance(inner, (Node, Made)):
        return _text(inner)
    return str(inner).lower() if isinstance(inner, bool) else str(inner)


def _entries(node: Node, key: str) -> Mapping[str, Node]:
    found = node.get(key)
    return found.entries if found is not None else {}


def _items(node: Node, key: str) -> list[Node]:
    found = node.get(key)
    return found.items if found is not None else []


def _is_true(node: Node, key: str) -> bool:
    found = node.get(key)
    return found is not None and found.value is True


def _sources(draft: Draft) -> tuple[Node, ...]:
    if isinstance(draft, Node):
        return (draft,)
    return draft.sources if isinstance(draft, Made) else ()


def _mapping(draft: Draft) -> Mapping[str, Draft]:
    inner = draft.value if isinstance(draft, Made) else draft
    return inner if isinstance(inner, Mapping) else {}
