"""A part of a patch that says what is so without it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mlgen import hatch, kinds
from mlgen.node import Json, Node, Path
from mlgen.patch import same
from mlgen.problem import MlgenError, Problem, Span
from mlgen.rules.rule import Rule
from mlgen.site import Resolved, Workload
from mlgen.trace import Draft, said, split

RULE = Rule(
    id="patch-changes-nothing",
    title="A patch, or a part of one, that says what is so without it",
    why="It looks like something that mlgen does not do by itself, and nothing would be different without it.",
    bad="patches: [{kind: Deployment, spec: {revisionHistoryLimit: 3}}]",
    good="patches: [{kind: Deployment, spec: {revisionHistoryLimit: 10}}]",
)
MEND = "remove it, or write another value"

Bodies = Sequence[Mapping[str, Draft]]


def check(workloads: Sequence[Workload]) -> Iterator[Problem]:
    """Each part of a patch without which all that the patch hits would be the same."""
    for workload in workloads:
        if hatch.patches(workload):
            yield from _of_workload(workload)


def _of_workload(workload: Workload) -> Iterator[Problem]:
    """Patches in their order: what an earlier one says is so."""
    try:
        drafts = list(kinds.build(workload))
    except MlgenError:  # the build says why
        return
    found = [(hatch.name_of(draft), draft.bare or draft.body) for draft in drafts]
    for patch in hatch.patches(workload):
        there = [body for name, body in found if hatch.hits(workload, patch, name, body)]
        if there:
            yield from _idle(patch, there, said(workload.site.offer["name"]))
        found = [
            (name, hatch.over(body, patch) if hatch.hits(workload, patch, name, body) else body) for name, body in found
        ]


def told_everywhere(found: Mapping[str, list[Problem]], resolved: Mapping[str, Resolved]) -> dict[str, list[Problem]]:
    """``found``, by environment, without warnings about what changes something in another environment."""
    live = {span for name, problems in found.items() for span in _live(resolved[name], problems)}
    return {
        name: [problem for problem in problems if problem.rule != RULE.id or problem.span not in live]
        for name, problems in found.items()
    }


def _live(resolved: Resolved, problems: Sequence[Problem]) -> Iterator[Span]:
    """The places of patches, and of parts of such, that change something."""
    idle = {problem.span for problem in problems if problem.rule == RULE.id}
    for workload in resolved.workloads:
        for patch in hatch.patches(workload):
            yield from {patch["kind"].span, *(_place(patch, path) for path in _parts(patch))} - idle


def _idle(patch: Node, before: Bodies, environment: str) -> Iterator[Problem]:
    after = _laid(before, patch)
    idle = [path for path in _parts(patch) if _alike(after, _laid(before, _without(patch, path)))]
    for path in idle:
        part = patch.find(*path)
        gone = part is not None and part.value is None
        nothing = f"there is no `{path[-1]}` to take away in `{environment}`"
        message = nothing if gone else f"this changes nothing in `{environment}`: `{path[-1]}` is so without it"
        yield Problem(RULE.id, _place(patch, path), message, "remove it" if gone else MEND, "warning")
    if not idle and _alike(after, [_plain(body) for body in before]):  # it has nothing but names in it
        message = f"this patch says nothing that could change anything in `{environment}`"
        yield Problem(RULE.id, patch["kind"].span, message, "say what should be different, or remove it", "warning")


def _laid(bodies: Bodies, patch: Node) -> list[Json]:
    return [_plain(hatch.over(body, patch)) for body in bodies]


def _plain(body: Mapping[str, Draft]) -> Json:
    return split(body, ())[0]


def _alike(one: Sequence[Json], other: Sequence[Json]) -> bool:
    return all(map(same, one, other))


def _parts(node: Node, path: Path = ()) -> Iterator[Path]:
    """What a patch says, each thing by itself; a list is one thing, unless its items are known by their names."""
    if isinstance(node.value, dict) and node.value:
        known = hatch.ADDRESS if not path else hatch.names_of(path) if isinstance(path[-1], int) else ()
        for key, entry in node.entries.items():
            if key not in known:
                yield from _parts(entry, (*path, key))
    elif isinstance(node.value, list) and hatch.joins(node, str(path[-1])):
        for index, item in enumerate(node.items):
            yield from _parts(item, (*path, index))
    else:
        yield path


def _place(patch: Node, path: Path) -> Span:
    """A value of several lines is pointed at by its key."""
    span = patch.nearest(path).span
    return span if span.line == span.end_line else patch.nearest(path[:-1]).key_span(str(path[-1]))


def _without(node: Node, path: Path) -> Node:
    """``node`` without the entry at ``path``, which ends in a map's key."""
    key, *rest = path
    if isinstance(key, int):
        items = [_without(item, tuple(rest)) if index == key else item for index, item in enumerate(node.items)]
        return replace(node, value=items)
    entries = {name: entry for name, entry in node.entries.items() if name != key}
    return replace(node, value={**node.entries, key: _without(node[key], tuple(rest))} if rest else entries)
