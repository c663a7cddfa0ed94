"""The value of a secret stands in a spec or in an object."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.secret_places import written
from mlgen.secret_text import looks_like_a_secret

RULE = Rule(
    id="secret-value",
    title="The value of a secret stands in a spec",
    why=(
        "What is in git is there for ever and for everybody who can read it. Specs name secrets; stores hold values. "
        "In base64, as a Secret has them, values are as open as in plain text."
    ),
    bad="env: {MAPS_KEY_TOKEN: 9f86d081884c}",
    good="secrets: {maps-api: [MAPS_KEY]}\nworkloads:\n  train: {kind: job, secrets: [maps-api]}",
    source="https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    ignorable=True,
)
# What says where values are, in words such as `secretKey: MAPS_KEY`: only a token by its form is one there.
NAMING = frozenset(
    "SecretProviderClass ExternalSecret ClusterExternalSecret SecretStore ClusterSecretStore PushSecret".split()
)
HINT = "name a Secret instead (`valueFrom: {secretKeyRef: ...}`), and change the value: it has been written down"
STORE = "take its values from a store with an ExternalSecret, or seal them with a SealedSecret"


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """A Secret with its values, as one fault; elsewhere each place, by its name or by its form."""
    if body.get("kind") == "Secret" and body.get("apiVersion") == "v1":
        for key in ("data", "stringData"):
            if any(map_at(body, key).values()):
                yield Fault((key,), RULE.id, "a Secret with its values stands here", STORE)
                return
        return
    naming = text_at(body, "kind") in NAMING
    for path, name in written(body):
        if naming and not _is_token(body, path):
            continue
        named = f"{code(name)} looks like a secret, and its value is written here"
        yield Fault(path, RULE.id, named if name else "this looks like the value of a secret", HINT)


def _is_token(body: Body, path: Path) -> bool:
    return looks_like_a_secret(text_at(body, *path))
