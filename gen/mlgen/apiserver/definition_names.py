"""A CustomResourceDefinition whose names and versions do not fit together."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="definition-names",
    title="A CustomResourceDefinition whose name or versions do not fit together",
    why="The API server refuses it. It is named `<plural>.<group>`, exactly one of its versions is the one that is "
    "stored, and each version has a schema.",
    bad="metadata: {name: models}\nspec: {group: example.com, names: {plural: models}}",
    good="metadata: {name: models.example.com}\nspec: {group: example.com, names: {plural: models}}",
    source="apiextensions-apiserver/pkg/apis/apiextensions/validation: validateCustomResourceDefinitionSpec",
)


def check(body: Body) -> Iterator[Fault]:
    """The name, and the versions."""
    plural, group = text_at(body, "spec", "names", "plural"), text_at(body, "spec", "group")
    name = text_at(body, "metadata", "name")
    if plural and group and name and name != f"{plural}.{group}":
        message = f"{code(name)} is not the plural and the group"
        yield Fault(("metadata", "name"), RULE.id, message, f"name it {code(f'{plural}.{group}')}")
    names = map_at(body, "spec", "names")
    if names.get("listKind") is not None and names.get("listKind") == names.get("kind"):
        message = "the list of a kind is another kind"
        yield Fault(("spec", "names", "listKind"), RULE.id, message, f"name it `{names['kind']}List`")
    if group and "." not in group:
        yield Fault(("spec", "group"), RULE.id, f"{code(group)} is no domain", "such as `ml.example.com`")
    yield from _versions(body)


def _versions(body: Body) -> Iterator[Fault]:
    versions = list(maps_at(body, "spec", "versions"))
    stored = [where for where, version in versions if version.get("storage") is True]
    for where in stored[1:]:
        message = "another version is the one that is stored"
        yield Fault((*where, "storage"), RULE.id, message, "write `storage: false` in all versions but one")
    if versions and not stored:
        message = "none of the versions is the one that is stored"
        yield Fault(("spec", "versions"), RULE.id, message, "write `storage: true` in one of them")
    for where, version in versions:
        if not isinstance(map_at(version, "schema").get("openAPIV3Schema"), dict):
            yield Fault(where, RULE.id, "a version needs a schema", "add `schema: {openAPIV3Schema: {type: object}}`")
        for inner, column in maps_at(version, "additionalPrinterColumns"):
            path = text_at(column, "jsonPath")
            if path and not path.startswith("."):
                message = f"{code(path)} is no path"
                yield Fault(
                    (*where, *inner, "jsonPath"), RULE.id, message, "a path begins with a dot: `.spec.replicas`"
                )
        for field, root in (("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")):
            path = text_at(version, "subresources", "scale", field)
            if path and not path.startswith(root):
                place = (*where, "subresources", "scale", field)
                yield Fault(place, RULE.id, f"{code(path)} is not below `{root}`", f"write `{root}replicas`")
    if map_at(body, "spec").get("preserveUnknownFields") is True:
        message = "apiextensions.k8s.io/v1 has no `preserveUnknownFields: true`"
        hint = "take it away, and write `x-kubernetes-preserve-unknown-fields` where it is meant"
        yield Fault(("spec", "preserveUnknownFields"), RULE.id, message, hint)
