"""A store that secrets come from, and that is not there."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-secret-store",
    title="The store that a secret comes from is not there",
    why="The Secret never comes to be: the operator reports SecretSyncedError, or the CSI driver cannot mount.",
    bad="secretStoreRef: {kind: ClusterSecretStore, name: valt}",
    good="secretStoreRef: {kind: ClusterSecretStore, name: vault}",
    source="external-secrets.io, ExternalSecret; secrets-store-csi-driver, SecretProviderClass",
)
KINDS = (
    "SecretStore",
    "ClusterSecretStore",
    "SecretProviderClass",
    "TriggerAuthentication",
    "ClusterTriggerAuthentication",
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
