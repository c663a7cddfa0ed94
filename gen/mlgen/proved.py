"""The cases of a platform's own kinds -> what of them comes out otherwise than they say."""

import json
import re
from collections.abc import Callable, Iterator

from mlgen import hatch, schema
from mlgen.manifest import Manifest
from mlgen.meeting import Place
from mlgen.node import Json, Node, Path
from mlgen.platform import BASE, Platform
from mlgen.problem import Problem, errors
from mlgen.suggest import did_you_mean
from mlgen.trace import said

ID = "failed-case"
NAME = "case"  # of the project and of its one workload
ADDRESS = ("kind", "name")
HASH = re.compile(r"-[0-9a-f]{10}$")
LONGEST = 60
Placing = Callable[[Platform, Node, Node], Place]


def problems(platform: Platform, placing: Placing) -> Iterator[Problem]:
    """What is wrong with every case; ``placing`` builds and judges a project in an environment."""
    for file, case in platform.kinds.cases.items():
        kind, environment = file.split("/")[1], case["environment"]
        named = case["workload"].get("kind")
        if named is None or named.value != kind:
            span = named.span if named is not None else case.key_span("workload")
            yield Problem(ID, span, f"a case of `{kind}` has a workload of that kind", f"write `kind: {kind}`")
        elif said(environment) in platform.environments and said(environment) != BASE:
            yield from _proved(platform, case, placing)
        elif f"environments/{said(environment)}.yaml" not in platform.sources:  # one that is wrong has said so
            known = [name for name in platform.environments if name != BASE]
            message = f"there is no environment `{said(environment)}`"
            yield Problem("unknown-environment", environment.span, message, did_you_mean(said(environment), known))


def _proved(platform: Platform, case: Node, placing: Placing) -> Iterator[Problem]:
    project = _project(case)
    found = errors(list(schema.check(project, schema.load("project", platform.kinds.schemas))))
    built: list[Manifest] = []
    if not found:
        placed = placing(platform._replace(releases={}), project, platform.environments[said(case["environment"])])
        found, built = errors(placed.problems), placed.manifests
    refused = {said(item): item for item in case["refused"].items} if "refused" in case else {}
    rules = dict.fromkeys(problem.rule for problem in found)
    yield from (problem for problem in found if problem.rule not in refused)
    for rule, item in refused.items():
        if rule not in rules:
            instead = f"it breaks {', '.join(f'`{one}`' for one in rules)}" if rules else "nothing is wrong with it"
            message = f"such a workload is not refused by `{rule}`: {instead}"
            yield Problem(ID, item.span, message, "mend the kind, or what the case expects")
    if not found and "objects" in case:
        for item in case["objects"].items:
            yield from _expected(item, built)


def _project(case: Node) -> Node:
    """A project that has nothing but the case's workload, at the places of the case."""
    span = case.span
    own = {key: case[key] for key in ("image", "data", "secrets", "connections") if key in case}
    nothing = Node({}, span)
    entries = {
        "apiVersion": Node("mlgen.dev/v1", span),
        "kind": Node("Project", span),
        **{key: Node(NAME, span) for key in ("name", "owner")},
        **own,
        "workloads": Node({NAME: case["workload"]}, case["workload"].span, {NAME: case.key_span("workload")}),
        "environments": Node({said(case["environment"]): nothing}, span),
    }
    return Node(entries, span, case.keys)


def _expected(item: Node, built: list[Manifest]) -> Iterator[Problem]:
    """What is wrong if none of the objects is the one that is expected."""
    kind, name = said(item["kind"]), item.get("name")
    of_kind = [one for one in built if one.ref.kind == kind]
    named = [one for one in of_kind if name is None or said(name) in (one.ref.name, HASH.sub("", one.ref.name))]
    if not of_kind:
        there = sorted({one.ref.kind for one in built})
        hint = did_you_mean(kind, there) or f"there is: {', '.join(there)}"
        yield Problem(ID, item["kind"].span, f"nothing that is made here is a {kind}", hint)
    elif not named and name is not None:
        hint = did_you_mean(said(name), [HASH.sub("", one.ref.name) for one in of_kind])
        yield Problem(ID, name.span, f"no {kind} that is made here is named `{said(name)}`", hint)
    else:
        wanted = {key: node for key, node in item.entries.items() if key not in ADDRESS}
        differing = [[*_of_map(wanted, item, one.body, ())] for one in named]
        if all(differing):
            for node, message in differing[0]:
                yield Problem(ID, node.span, f"{named[0].title}: {message}", "mend the kind, or what the case expects")


def _of_map(wanted: dict[str, Node], around: Node, value: Json, path: Path) -> Iterator[tuple[Node, str]]:
    for key, node in wanted.items():
        if not isinstance(value, dict) or key not in value:
            yield Node(key, around.key_span(key)), f"there is no `{_shown((*path, key))}`"
        else:
            yield from _differing(node, value[key], (*path, key))


def _differing(node: Node, value: Json, path: Path) -> Iterator[tuple[Node, str]]:
    """Where ``value`` is not what ``node`` expects of it."""
    if isinstance(node.value, dict):
        yield from _of_map(node.entries, node, value, path)
    elif isinstance(value, list) and isinstance(path[-1], str) and hatch.joins(node, path[-1]):
        names = hatch.NAMES.get(path[-1], hatch.NAME)
        for item in node.items:
            key = next(name for name in names if name in item)
            matching = [one for one in value if isinstance(one, dict) and one.get(key) == item[key].value]
            if not matching:
                yield item[key], f"no item of `{_shown(path)}` has the {key} `{said(item[key])}`"
            else:
                yield from _differing(item, matching[0], (*path, said(item[key])))
    elif node.plain() != value:
        yield node, f"`{_shown(path)}` is {_text(value)}, and not this"


def _shown(path: Path) -> str:
    return ".".join(map(str, path))


def _text(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}`"
