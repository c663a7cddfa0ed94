"""An expression of a policy, its variables and a request -> its value.

Source: apiserver/pkg/admission/plugin/cel: `object`, `oldObject`, `request`, `params`, `namespaceObject`, `variables`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlgen import cel
from mlgen.body import Body, maps_at, text_at
from mlgen.cel.rewriting import TOKEN
from mlgen.policy.matching import Request

NAMES = ("namespaceObject", "object", "oldObject", "params", "request")
FROM_CLUSTER = re.compile(r"\brequest\s*\.\s*(userInfo|uid)\b")
SPACE = "namespaceObject"


def data(request: Request, whole: Any, params: Body | None) -> dict[str, Any]:
    """What the names in expressions stand for. ``whole`` is the object with Kubernetes' defaults."""
    named = request.named
    kind = {"group": named.group, "version": named.version, "kind": named.kind}
    resource = {"group": named.group, "version": named.version, "resource": named.resource}
    asked = {
        "kind": kind,
        "resource": resource,
        "subResource": "",
        "requestKind": kind,
        "requestResource": resource,
        "requestSubResource": "",
        "name": request.name,
        "namespace": request.namespace_name,
        "operation": request.operation,
        "options": {},
        "dryRun": False,
    }
    return {"object": whole, "oldObject": None, "request": asked, "params": params, SPACE: request.namespace}


def value(expression: str, variables: Mapping[str, str], known: Mapping[str, Any], request: Request) -> Any:
    """The value of ``expression``, in which ``variables`` may be used.

    Raises what `mlgen.cel` raises; UnevaluableError also for what only the cluster knows.
    """
    whole = composed(expression, variables)
    if found := FROM_CLUSTER.search(whole):
        raise cel.UnevaluableError(f"`request.{found[1]}` is known in the cluster only")
    if re.search(rf"\b{SPACE}\b", whole) and request.namespace is None and request.namespace_name:
        raise cel.UnevaluableError(f"the Namespace `{request.namespace_name}` is not among the objects")
    return cel.program(whole, NAMES).value(known)


def variables_of(policy: Body) -> dict[str, str]:
    """The policy's variables, by name, in their order."""
    return {text_at(one, "name"): text_at(one, "expression") for _, one in maps_at(policy, "spec", "variables")}


def composed(expression: str, variables: Mapping[str, str]) -> str:
    """``expression`` with the variables that it uses bound before it; CEL evaluates a bound one when it is needed."""
    needed: dict[str, str] = {}
    waiting = [expression]
    while waiting:
        for name in _used(waiting.pop()):
            if name in variables and name not in needed:
                needed[name] = variables[name]
                waiting.append(variables[name])
    whole = _bound(expression, needed)
    for name in reversed([one for one in variables if one in needed]):
        whole = f"cel.bind({_bare(name)}, {_bound(needed[name], needed)}, {whole})"
    return whole


def _used(expression: str) -> Iterator[str]:
    tokens = [token for token in TOKEN.findall(expression) if not token.isspace()]
    for index, token in enumerate(tokens[:-2]):
        if token == "variables" and tokens[index + 1] == "." and (index == 0 or tokens[index - 1] != "."):
            yield tokens[index + 2]


def _bound(expression: str, names: Mapping[str, str]) -> str:
    """`variables.x` is what `x` is bound to."""
    tokens = TOKEN.findall(expression)
    found: list[str] = []
    index = 0
    while index < len(tokens):
        three = tokens[index : index + 3]
        if three[:2] == ["variables", "."] and three[2:] and three[2] in names and found[-1:] != ["."]:
            found.append(_bare(three[2]))
            index += 3
        else:
            found.append(tokens[index])
            index += 1
    return f"({''.join(found)})"


def _bare(name: str) -> str:
    return f"variables_{name}"
