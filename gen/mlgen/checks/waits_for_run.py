"""An object that Argo CD applies only after a run has ended."""

from collections.abc import Iterator, Sequence

from mlgen.body import map_at, text_at
from mlgen.manifest import Manifest
from mlgen.pointers.waves import WAVE
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import said

OPTIONS = "argocd.argoproj.io/sync-options"
# What is only done when all that is applied before is healthy: a run is when it has ended.
HOOKS = {"argocd.argoproj.io/hook": ("PostSync",), "helm.sh/hook": ("post-install", "post-upgrade")}
PRUNE_LAST = "PruneLast=true"

RULE = Rule(
    id="waits-for-run",
    title="Something that Argo CD applies only after a run has ended",
    why="Argo CD does nothing else for the project meanwhile: a training of a day holds up every other change.",
    bad='metadata: {annotations: {argocd.argoproj.io/sync-wave: "5"}}     # the project has a training',
    good='metadata: {annotations: {argocd.argoproj.io/sync-wave: "-5"}}',
    source="argo-cd v3.5, gitops-engine/pkg/sync/sync_context.go: waves, hooks and PruneLast",
)


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """Objects in a later wave than a run, hooks behind all waves, and what is pruned behind them."""
    engine = site.offer.find("gitops", "engine")
    runs = [manifest for manifest in manifests if manifest.run]
    if engine is None or said(engine) != "argocd" or not runs:
        return
    first = min(runs, key=wave)
    for manifest in manifests:
        for key, what, hint in _late(manifest, wave(first)):
            message = f"{manifest.title} in `{said(site.offer['name'])}`: {what}, and so for {first.title}"
            yield Problem(RULE.id, manifest.cause(("metadata", "annotations", key)), message, hint)


def _late(manifest: Manifest, first: int) -> Iterator[tuple[str, str, str]]:
    """The annotation, what it means and what to write instead."""
    notes = map_at(manifest.body, "metadata", "annotations")
    if wave(manifest) > first:
        yield WAVE, f"wave {wave(manifest)} waits for all that is in wave {first}", f"remove it, or write `{first}`"
    for key, hooks in HOOKS.items():
        if set(hooks) & set(_words(text_at(notes, key))):
            yield key, "such a hook waits for all that is applied", "remove it"
    if PRUNE_LAST in _words(text_at(notes, OPTIONS)):
        yield OPTIONS, "`PruneLast` waits for all that is applied", f"remove `{PRUNE_LAST}`"


def wave(manifest: Manifest) -> int:
    """The wave in which Argo CD applies it; what is no number counts as none, as it does there."""
    text = text_at(map_at(manifest.body, "metadata", "annotations"), WAVE)
    return int(text) if text.lstrip("+-").isdecimal() and text.isascii() and len(text) < 10 else 0


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]
