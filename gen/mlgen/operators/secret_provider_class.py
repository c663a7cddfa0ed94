"""A SecretProviderClass from which nothing could be mounted."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.document import parse
from mlgen.faults.case import code
from mlgen.node import Json
from mlgen.problem import Fault, errors
from mlgen.rules.rule import Rule
from mlgen.suggest import closest, did_you_mean

RULE = Rule(
    id="secret-provider-class",
    title="A SecretProviderClass from which nothing can be mounted",
    why="The driver and its providers read it when a pod starts: without these fields the pod waits for ever.",
    bad="secretObjects: [{secretName: warehouse, data: [{objectName: password, key: PASSWORD}]}]   # no type",
    good="secretObjects: [{secretName: warehouse, type: Opaque, data: [{objectName: password, key: PASSWORD}]}]",
    source="kubernetes-sigs/secrets-store-csi-driver v1.5, pkg/util/secretutil: ValidateSecretObject, GetSecretData; "
    "Azure/secrets-store-csi-driver-provider-azure v1.7, pkg/provider: GetSecretsStoreObjectContent",
)
AZURE = "azure"
NEEDED = (("keyvaultName",), ("tenantID", "tenantId"), ("objects",))
TYPES = ("secret", "key", "cert")
PARAMETERS = ("spec", "parameters")


def check(body: Body) -> Iterator[Fault]:
    """What the provider reads, and the Secrets that are made of it."""
    if not text_at(body, "spec", "provider"):
        yield Fault(("spec",), RULE.id, "nothing says whose secrets these are", "add `provider: azure`")
    azure = text_at(body, "spec", "provider") == AZURE
    if azure:
        yield from _parameters(map_at(body, *PARAMETERS))
    objects = _objects(text_at(body, *PARAMETERS, "objects")) if azure else None
    if objects is not None:
        yield from _types(objects)
    names = _names(objects)
    for path, made in maps_at(body, "spec", "secretObjects"):
        for field, example in (("secretName", "warehouse"), ("type", "Opaque")):
            if not made.get(field):
                yield Fault(path, RULE.id, f"this Secret has no {code(field)}", f"add `{field}: {example}`")
        if not made.get("data"):
            yield Fault(path, RULE.id, "this Secret has no `data`", "add `data: [{objectName: ..., key: ...}]`")
        for where, one in maps_at(made, "data"):
            for field in ("objectName", "key"):
                if not one.get(field):
                    yield Fault(
                        (*path, *where), RULE.id, f"this entry has no {code(field)}", "name the object and the key"
                    )
            name = text_at(one, "objectName")
            if name and names is not None and name not in names:
                message = f"`objects` has no {code(name)}"
                yield Fault((*path, *where, "objectName"), RULE.id, message, did_you_mean(name, names))


def _parameters(parameters: Body) -> Iterator[Fault]:
    for names in NEEDED:
        if not any(parameters.get(name) for name in names):
            message = f"the provider `{AZURE}` needs {code(names[0])}"
            meant = closest(names[0], parameters)
            mend = f"write it for {code(meant)}" if meant else "add it to `parameters`, as text"
            where = (*PARAMETERS, meant) if meant else PARAMETERS if parameters else ("spec",)
            yield Fault(where, RULE.id, message, mend)


def _objects(text: str) -> list[Body] | None:
    """The objects that a text lists; None for a text that cannot be read here."""
    listed = _read(text)
    items = listed.get("array") if isinstance(listed, dict) else None
    if not isinstance(items, list):
        return None
    found = [_read(item) if isinstance(item, str) else item for item in items]
    return [one for one in found if isinstance(one, dict)] if all(isinstance(one, dict) for one in found) else None


def _read(text: str) -> Json:
    parsed = parse(text.encode(), file="objects", dialect="kubernetes")
    return parsed.documents[0].plain() if len(parsed.documents) == 1 and not errors(parsed.problems) else None


def _types(objects: list[Body]) -> Iterator[Fault]:
    where = (*PARAMETERS, "objects")
    for one in objects:
        kind = text_at(one, "objectType")
        if kind not in TYPES:
            name = code(one.get("objectName"))
            message = f"the object {name} has no type" if not kind else f"{name} cannot be of the type {code(kind)}"
            yield Fault(where, RULE.id, message, did_you_mean(kind, TYPES) or "add `objectType: secret`")


def _names(objects: list[Body] | None) -> list[str] | None:
    if objects is None:
        return None
    return [text_at(one, "objectAlias") or text_at(one, "objectName") for one in objects]
