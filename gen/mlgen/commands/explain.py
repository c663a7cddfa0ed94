"""`mlgen explain`: what a field of a spec means, or where a value of a built object came from."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from mlgen import fields, origin
from mlgen import schema as schemas
from mlgen.commands import FINE, PROBLEMS, console
from mlgen.commands.build import place_of
from mlgen.commands.schema import NAMES
from mlgen.commands.workspace import UsageError, open_workspace
from mlgen.engine import Place
from mlgen.manifest import Manifest
from mlgen.node import Json, Node
from mlgen.node import Path as Pointer
from mlgen.problem import errors, in_order
from mlgen.suggest import did_you_mean
from mlgen.trace import place_of as origins_of
from mlgen.trace import said

# churn/prod:Deployment/serve:spec.template.spec.containers.0.image
ADDRESS = re.compile(r"(?P<project>[^/:]+)/(?P<environment>[^/:]+):(?P<kind>[^/:]+)/(?P<name>[^:]+)(:(?P<path>.*))?")


def explain(root: Path | None, what: str, *, form: str) -> int:
    """Print the page of a field, or the chain of places behind a value."""
    address = ADDRESS.fullmatch(what)
    if address is None:
        return _field(what)
    workspace = open_workspace(root, [address["project"]])
    problems = list(workspace.platform.problems)
    place = place_of(workspace, address["environment"]) if workspace.projects else None
    manifest = _object(place, address["kind"], address["name"]) if place is not None else None
    if place is None or manifest is None:
        problems += place.problems if place is not None else []
        if not errors(problems):
            names = [f"{found.ref.kind}/{found.ref.name}" for found in place.manifests] if place is not None else []
            wanted = f"{address['kind']}/{address['name']}"
            raise UsageError(f"nothing builds {wanted} there: {did_you_mean(wanted, names)}")
        console.show(in_order(problems), workspace.platform.sources, form)
        return PROBLEMS
    path = _pointer(manifest.body, address["path"] or "")
    project = workspace.platform.projects[workspace.projects[0]]
    console.product("\n".join(_chain(manifest, path, project, address["environment"])) + "\n")
    return FINE


def _object(place: Place, kind: str, name: str) -> Manifest | None:
    """The object; a run may be named without its hash."""
    for manifest in place.manifests:
        if manifest.ref.kind.lower() == kind.lower() and (
            manifest.ref.name == name or (manifest.run and manifest.ref.name[:-11] == name)
        ):
            return manifest
    return None


def _pointer(body: Json, text: str) -> Pointer:
    """``spec.containers.0.image`` as a path; keys with dots in them are found as they come."""
    path: list[str | int] = []
    rest, value = text.strip("."), body
    while rest:
        head, _, tail = rest.partition(".")
        if isinstance(value, list) and head.isdigit() and int(head) < len(value):
            path.append(int(head))
            value, rest = value[int(head)], tail
            continue
        keys = [key for key in value if rest == key or rest.startswith(f"{key}.")] if isinstance(value, dict) else []
        if not keys or not isinstance(value, dict):
            offered = (
                value if isinstance(value, dict) else map(str, range(len(value))) if isinstance(value, list) else ()
            )
            raise UsageError(
                f"there is no `{head}` in {'.'.join(map(str, path)) or 'the object'}: {did_you_mean(head, offered)}"
            )
        key = max(keys, key=len)
        path.append(key)
        value, rest = value[key], rest[len(key) + 1 :]
    return tuple(path)


def _chain(manifest: Manifest, path: Pointer, project: Node, environment: str) -> Iterator[str]:
    """The value, then every place behind it, strongest first, each with what it overrode."""
    value: Json = manifest.body
    for key in path:
        value = value[key]  # type: ignore[index]  # the path was found in this body
    where = ".".join(map(str, path))
    shown = json.dumps(value, ensure_ascii=False)
    yield f"{manifest.ref.kind}/{manifest.ref.name}{': ' + where if where else ''} = {shown}"
    for node in dict.fromkeys(origins_of(manifest.origins, path)):
        yield _line("from", node, project, environment)
        beneath = node.overrode
        while beneath is not None:
            yield _line("over", beneath, project, environment)
            beneath = beneath.overrode


def _line(word: str, node: Node, project: Node, environment: str) -> str:
    span = node.span
    shown = node.text if node.text is not None else said(node) if not isinstance(node.value, (dict, list)) else "{...}"
    return f"  {word}  {origin.layer(span, project, environment):<18}  {span.file}:{span.line}:{span.column}  {shown}"


def _field(what: str) -> int:
    steps = what.split(".")
    for name in NAMES:
        found = fields.fields(schemas.load(name), *steps)
        if found is not None:
            console.product("\n".join(_page(what, found)) + "\n")
            return FINE
    roots = [root for name in NAMES for root in schemas.load(name).root["properties"]]
    kinds = [
        word.removeprefix("kind-") for word in schemas.load("project").root["definitions"] if word.startswith("kind-")
    ]
    hint = did_you_mean(steps[0], [*kinds, *roots]) if len(steps) == 1 else _deeper(steps)
    raise UsageError(f"there is no field `{what}`: {hint}")


def _deeper(steps: list[str]) -> str:
    """The last part of the path that exists, and what stands below it."""
    for end in range(len(steps) - 1, 0, -1):
        for name in NAMES:
            found = fields.fields(schemas.load(name), *steps[:end])
            if found is not None:
                return f"below `{'.'.join(steps[:end])}`, {did_you_mean(steps[end], dict(found.children))}"
    return "a path begins with a kind of workload, as `serving.replicas` does, or with a key of a file"


def _page(what: str, field: fields.Field) -> Iterator[str]:
    yield f"{what}  <{field.type}>"
    yield ""
    yield f"  {field.description}"
    if field.form:
        yield f"  {field.form[0].upper()}{field.form[1:]}."
    if field.allowed:
        yield f"  One of: {', '.join(json.dumps(value) for value in field.allowed)}"
    if field.default is not None:
        yield f"  Default: {json.dumps(field.default)}"
    if field.examples:
        yield f"  Example: {json.dumps(field.examples[0], ensure_ascii=False)}"
    if field.children:
        yield ""
        width = max(len(name) for name, _ in field.children)
        for name, description in field.children:
            mark = " (required)" if name in field.required else ""
            yield f"  {name:<{width}}  {description}{mark}"
