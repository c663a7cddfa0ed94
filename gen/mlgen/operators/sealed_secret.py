"""A SealedSecret that cannot be opened, or makes another Secret than it seems to."""

import re
from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="sealed-secret",
    title="A SealedSecret that cannot be opened, or makes another Secret than it says",
    why="A sealed value is opened only in the namespace, and under the name, that it was sealed for: the Secret has "
    "the SealedSecret's own, whatever its template says.",
    bad="metadata: {name: warehouse}\nspec: {template: {metadata: {name: warehouse-prod}}}",
    good="metadata: {name: warehouse}\nspec: {template: {metadata: {name: warehouse}}}",
    source="bitnami-labs/sealed-secrets v0.32, pkg/apis/sealedsecrets/v1alpha1: Unseal, EncryptionLabel",
)
SEALED = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*")  # base64; what has other characters was pasted in the clear


def check(body: Body) -> Iterator[Fault]:
    """The template's names against the object's own, and what should be sealed."""
    own, template = map_at(body, "metadata"), map_at(body, "spec", "template", "metadata")
    for field in ("name", "namespace"):
        said, mine = text_at(template, field), text_at(own, field)
        if said and mine and said != mine:
            message = f"the Secret gets the {field} {code(mine)}, not the template's {code(said)}"
            where = ("spec", "template", "metadata", field)
            yield Fault(where, RULE.id, message, "write the same in both, and seal the values for it")
    for key, value in map_at(body, "spec", "encryptedData").items():
        if isinstance(value, str) and not SEALED.fullmatch(value):
            message = f"the value of {code(key)} is not a sealed one, and cannot be opened"
            # Not at the value: the line that has it is not to be shown.
            yield Fault(("spec", "encryptedData"), RULE.id, message, "seal it with `kubeseal --raw`")
