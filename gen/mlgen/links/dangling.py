"""References to objects of some kinds -> those to what is neither among the objects nor named by the environment."""

from collections.abc import Collection, Iterator, Mapping

from mlgen.body import text_at
from mlgen.existing import LISTED
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.problem import Fault, Finding
from mlgen.references import Reference
from mlgen.suggest import closest

MOST = 8
# How an environment says that an object of a kind exists.
KEYS: Mapping[str, str] = {kind: key for key, kind in LISTED.items()}


def dangling(rule: str, kinds: Collection[str], objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """One fault for each object and each missing name, at the first place that has it."""
    told: set[tuple[int, str, str, str]] = set()
    for subject, reference in objects.references:
        if reference.kind in kinds and not reference.optional and not is_there(reference, objects, setting):
            key = (subject, *reference[:3])
            if key not in told:
                told.add(key)
                here = text_at(objects.bodies[subject], "metadata", "namespace")
                message = missing(*reference[:3], here)
                hint = help_for(*reference[:3], here, objects=objects, setting=setting)
                yield Finding(subject, Fault(reference.path, rule, message, hint))


def is_there(reference: Reference, objects: Gathered, setting: Setting) -> bool:
    """Whether what is referred to is among the objects, comes of one of them, or is said to exist."""
    names = reference.kind, reference.name, reference.namespace
    return bool(objects.made(*names)) or setting.has(*names)


def missing(kind: str, namespace: str, name: str, here: str) -> str:
    """What is said of a reference to nothing; ``here`` is the namespace of who refers to it."""
    where = f" in the namespace {code(namespace)}" if namespace and namespace != here else ""
    return f"there is no {kind} {code(name)}{where}"


def help_for(kind: str, namespace: str, name: str, here: str, *, objects: Gathered, setting: Setting) -> str:
    """Which one may have been meant; else how to say that it exists. ``here`` is as for ``missing``."""
    known = [called for sort, where, called in setting.existing if sort == kind and where in ("", namespace)]
    meant = closest(name, alike(name, {*objects.called(kind, namespace), *known} - {name}))
    if meant is not None:
        return f"did you mean {code(meant)}?"
    if setting.offer is None:
        return "add it, or lint with the environment that has it"
    key, full = KEYS.get(kind), f"{namespace}/{name}" if namespace not in ("", here) else name
    listed = f"`existing: {{{key}: [{full}]}}` in the environment says that the cluster has it"
    return f"correct the name; {listed}" if key else "correct the name, or add it"


def alike(name: str, names: Collection[str]) -> list[str]:
    """Those that begin or end as it does; of many some: to look at thousands for each slip takes too long."""
    found = [one for one in names if one[:2] == name[:2] or one[-2:] == name[-2:]]
    return sorted(found, key=lambda one: (abs(len(one) - len(name)), one))[:MOST]
