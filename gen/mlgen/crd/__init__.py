"""A custom resource and the imported schema of its kind -> everything that the API server would refuse in it.

The order is the API server's: what is unsaid gets its default, the schema is asked, then lists, then the rules in CEL,
which presuppose a sound object.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mlgen.body import at
from mlgen.crd import walk
from mlgen.crd.imported import Imported, Read, imported
from mlgen.faults.case import code
from mlgen.node import Json, Path
from mlgen.problem import Fault

__all__ = ["Imported", "change", "check", "imported"]

EXTRA_HELP = "`pip install 'mlgen[policies]'` installs what evaluates them"


def check(body: dict[str, Json], read: Read, before: Mapping[str, Json] | None = None) -> Iterator[Fault]:
    """Yield what is wrong with ``body``, an object of the kind that ``read`` describes; paths are those of ``body``.

    ``before`` is the object that it is an update of: rules about a change are asked only if there is one.
    """
    definitions = read.schema["$defs"]
    shape = definitions[read.kind]
    whole = walk.defaulted(body, shape, definitions)
    named = f"{body.get('apiVersion')} {body.get('kind')}"
    found = dict.fromkeys(_refused(whole, read, named))
    found |= dict.fromkeys(_repeated(whole, shape, definitions))
    if not found:
        old = walk.defaulted(before, shape, definitions) if before is not None else None
        found |= dict.fromkeys(_unruly(whole, read, old, named))
    for fault in found:
        yield fault._replace(path=_present(body, fault.path))


def change(body: dict[str, Json], read: Read, before: Mapping[str, Json]) -> Iterator[Fault]:
    """Yield what is wrong with ``body`` only because it is an update of ``before``; the rest is ``check``'s."""
    alone = set(check(body, read))
    yield from (fault for fault in check(body, read, before) if fault not in alone)


def _refused(whole: Any, read: Read, named: str) -> Iterator[Fault]:
    errors = list(read.validator.iter_errors(whole))
    if errors:
        from mlgen.crd.refusal import faults  # words, which a start-up that finds nothing wrong does not need

        for error in errors:
            yield from faults(error, read.schema, named)


def _repeated(whole: Any, shape: Any, definitions: Any) -> Iterator[Fault]:
    for path, first in walk.duplicates(whole, shape, definitions):
        one = at(whole, *path)
        what = f"{code(one)} is" if not isinstance(one, (dict, list)) else "an item with the same keys is"
        message = f"{what} in {code('.'.join(map(str, path[:-1])))} already, as item {first[-1]}"
        yield Fault(path, "crd-duplicate-item", message, "take one of the two away")
    for path, key in walk.keys_missing(whole, shape, definitions):
        yield Fault(
            path, "kubernetes-missing-field", f"{code(key)} is missing", "the items of this list are told apart by it"
        )


def _unruly(whole: Any, read: Read, before: Any, named: str) -> Iterator[Fault]:
    if '"x-rules"' not in read.text:
        return
    from mlgen.crd import rules

    definitions = read.schema["$defs"]
    old = rules.NOTHING if before is None else before
    unknown: dict[str, set[str]] = {}
    for found in rules.judged(whole, definitions[read.kind], definitions, old):
        if isinstance(found, rules.Unknown):
            unknown.setdefault(found.why, set()).add(found.expression)
        else:
            said = found.message or f"the rule is `{' '.join(found.expression.split())[:200]}`"
            label = f"{code('.'.join(map(str, found.path)))} is" if found.path else "this is"
            yield Fault(found.path, "crd-rule", f"{label} against a rule of {code(named)}: {_line(said)}")
    for why, expressions in unknown.items():
        counted = "a rule" if len(expressions) == 1 else f"{len(expressions)} rules"
        message = f"{counted} of the schema of {code(named)} cannot be evaluated: {why}"
        yield Fault(("kind",), "not-evaluated", message, EXTRA_HELP if "extra" in why else "", "warning")


def _line(text: str) -> str:
    return " ".join(text.split())[:300].rstrip(".")


def _present(body: Any, path: Path) -> Path:
    """As much of ``path`` as the user wrote: a default may be what is wrong."""
    for end in range(len(path)):
        holder = at(body, *path[:end])
        step = path[end]
        there = step in holder if isinstance(holder, dict) else isinstance(holder, list) and isinstance(step, int)
        if not there:
            return path[:end]
    return path
