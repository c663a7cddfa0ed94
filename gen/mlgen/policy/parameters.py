"""A binding and an object -> the parameter objects that the policy is evaluated with.

Source: apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go: CollectParams.
"""

from typing import NamedTuple

from mlgen.body import Body, map_at, text_at
from mlgen.policy.documents import Document, Policies
from mlgen.policy.matching import Request, selects
from mlgen.policy.naming import CLUSTER_WIDE


class Parameters(NamedTuple):
    """``found`` has None where the policy is evaluated without; ``missing`` says what there should be."""

    found: tuple[Body | None, ...]
    missing: str = ""


def parameters(policy: Document, binding: Document, request: Request, policies: Policies) -> Parameters:
    """The parameters of ``policy`` as ``binding`` chooses them. None at all where it lets their absence pass."""
    sort, reference = map_at(policy.body, "spec", "paramKind"), map_at(binding.body, "spec", "paramRef")
    if not sort or not reference:
        return Parameters((None,))
    kind, name = text_at(sort, "kind"), text_at(reference, "name")
    namespace = "" if kind in CLUSTER_WIDE else text_at(reference, "namespace") or request.namespace_name
    known = [one.body for one in policies.parameters if _is(one.body, sort, namespace)]
    found = [one for one in known if _meant(one, reference)]
    if found:
        return Parameters(tuple(found))
    if reference.get("parameterNotFoundAction") == "Allow":
        return Parameters(())
    where = f" in the namespace `{namespace}`" if namespace else ""
    return Parameters((), f"there is no {kind} `{name}`{where}" if name else f"no {kind}{where} is selected")


def _is(body: Body, sort: Body, namespace: str) -> bool:
    same = body.get("apiVersion") == sort.get("apiVersion") and body.get("kind") == sort.get("kind")
    return same and text_at(body, "metadata", "namespace") in (namespace, "")


def _meant(body: Body, reference: Body) -> bool:
    if name := text_at(reference, "name"):
        return text_at(body, "metadata", "name") == name
    return selects(map_at(reference, "selector"), map_at(body, "metadata", "labels"))
