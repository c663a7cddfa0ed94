"""Encrypted Secrets for an engine that applies them as they are."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="nobody-decrypts",
    title="Encrypted Secrets for an engine that decrypts nothing",
    why="Argo CD applies a file of SOPS as it is: pods would read `ENC[...]` in the place of each value. Flux decrypts "
    "such files; and a SealedSecret or an ExternalSecret is opened in the cluster, whoever applies it.",
    bad="gitops: {engine: argocd, ...}\nsecrets: {from: sops}",
    good="gitops: {engine: argocd, ...}\nsecrets: {from: sealed-secrets}",
    source="argo-cd, docs/operator-manual/secret-management.md; fluxcd/kustomize-controller, "
    "docs/spec/v1/kustomizations.md (decryption)",
)


def check(environment: Node) -> Iterator[Problem]:
    """`secrets` against `gitops`."""
    source, engine = environment.find("secrets", "from"), environment.find("gitops", "engine")
    if source is None or engine is None or said(source) != "sops":
        return
    if said(engine) != "flux":
        message = f"`{said(engine)}` applies encrypted Secrets as they are, and nothing in the cluster opens them"
        hint = "write `from: sealed-secrets`, or `external-secrets`, or let Flux deliver; with a plugin that decrypts, "
        hint += "take `gitops` away, and point the engine at the overlays yourself"
        yield Problem(RULE.id, source.span, message, hint, related=((engine.span, "who applies them"),))
