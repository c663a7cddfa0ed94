"""Rules of roles, and bindings -> what may be done, and by whom."""

from collections.abc import Iterator, Set

from mlgen.body import Body, list_at, maps_at, text_at
from mlgen.gathered import Gathered


def any_of(rule: Body, verbs: Set[str]) -> bool:
    """Whether a rule allows any of ``verbs``."""
    return any(verb == "*" or verb in verbs for verb in list_at(rule, "verbs") if isinstance(verb, str))


def bound(objects: Gathered) -> Iterator[tuple[str, str]]:
    """The namespace and the name of every account that a binding gives rights; that of the binding, if none is said."""
    for _, binding in objects.of("RoleBinding", "ClusterRoleBinding"):
        for _, subject in maps_at(binding, "subjects"):
            if subject.get("kind") == "ServiceAccount":
                where = text_at(subject, "namespace") or text_at(binding, "metadata", "namespace")
                yield where, text_at(subject, "name")
