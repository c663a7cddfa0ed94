"""Finished objects -> the same, those that are worth waiting for in an earlier sync wave of Argo CD than all else.

What Argo CD waits for (gitops-engine, pkg/sync/sync_context.go): between two waves, until all objects of the first are
healthy; after the last wave for nothing. So runs are in the last wave, and so is everything else that runs: a server
that is waited for may wait for the model that the training behind it makes. `PruneLast` would make a wave behind the
last one, and a training of a day would hold it up; it is not asked for. Claims are never in an earlier wave than pods:
one that binds to its first pod is not healthy before (argo-cd#12840).
"""

from collections.abc import Iterator, Sequence

from mlgen.body import map_at
from mlgen.manifest import Manifest
from mlgen.node import Json, Node
from mlgen.trace import Origins

WAVE = "argocd.argoproj.io/sync-wave"
FIRST = "-1"  # without a wave is wave 0
# Secrets, where they come from, and the namespace that they stand in: what pods need before they start.
EARLY = frozenset("Namespace SecretStore ExternalSecret SealedSecret SecretProviderClass".split())


def marked(manifests: Sequence[Manifest], engine: Node) -> Iterator[Manifest]:
    """``manifests`` in their order. A wave that somebody wrote stays."""
    accounts = {
        name
        for manifest in manifests
        if manifest.ref.kind == "SecretStore"
        for name in _named(manifest.body, "serviceAccountRef")
    }
    for manifest in manifests:
        # Without the account as which a store is opened, no secret ever comes.
        opens = manifest.ref.kind == "ServiceAccount" and manifest.ref.name in accounts
        yield _in_first(manifest, engine) if opens or manifest.ref.kind in EARLY else manifest


def _named(value: Json, key: str) -> Iterator[str]:
    """The names in all maps of the name ``key``."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, dict):
                yield str(inner.get("name"))
            yield from _named(inner, key)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, key)


def _in_first(manifest: Manifest, engine: Node) -> Manifest:
    metadata = map_at(manifest.body, "metadata")
    notes = map_at(metadata, "annotations")
    if WAVE in notes:
        return manifest
    origins: Origins = {
        path: nodes for path, nodes in manifest.origins.items() if path != ("metadata", "annotations")
    }  # where there was an empty map
    return manifest._replace(
        body={**manifest.body, "metadata": {**metadata, "annotations": {**notes, WAVE: FIRST}}},
        origins={**origins, ("metadata", "annotations", WAVE): (engine,)},
    )
