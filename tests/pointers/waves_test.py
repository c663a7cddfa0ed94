"""What Argo CD applies first, and that it waits for nothing that runs."""

from typing import Any, NamedTuple

import pytest
from tests.small import place, problems

ARGOCD = 'gitops: {engine: argocd, repository: "https://git.example.com/acme/ml.git"}\n'
FLUX = ARGOCD.replace("argocd", "flux")
STORE = "secrets: {from: external-secrets, store: vault}\n"
SPEC = """\
secrets: {maps: [KEY]}
workloads:
  train: {kind: job, image: "ghcr.io/acme/a:1", secrets: [maps]}
  serve: {kind: serving, server: custom, image: "ghcr.io/acme/a:1", replicas: {min: 2, max: 9}}
  lab: {kind: notebook, image: "ghcr.io/acme/a:1", users: [anna]}
"""
OWN_STORE = """\
manifests:
  - apiVersion: external-secrets.io/v1
    kind: SecretStore
    metadata: {name: own}
    spec:
      provider:
        vault:
          server: https://vault.example.com
          path: secret
          auth: {kubernetes: {mountPath: kubernetes, role: ml, serviceAccountRef: {name: serve}}}
"""
WAVE = "argocd.argoproj.io/sync-wave"


class Applied(NamedTuple):
    """An object and its wave."""

    kind: str
    name: str
    run: bool
    wave: int


def applied(spec: str, environment: str) -> list[Applied]:
    return [
        Applied(one.ref.kind, one.ref.name, one.run, int(notes(one.body).get(WAVE, 0)))
        for one in place(spec, environment).manifests
    ]


def notes(body: Any) -> dict[str, str]:
    return body["metadata"].get("annotations") or {}


def waited_for(objects: list[Applied]) -> set[str]:
    """What has to be healthy before a sync is done: all but the last wave (gitops-engine, sync_context.go)."""
    last = max(one.wave for one in objects)
    return {one.kind for one in objects if one.wave < last}


def test_secrets_are_waited_for_and_nothing_that_runs() -> None:
    objects = applied(SPEC, ARGOCD + STORE)
    assert waited_for(objects) == {"Namespace", "ExternalSecret"}
    assert {one.wave for one in objects if one.run} == {max(one.wave for one in objects)}


def test_where_nothing_is_fetched_the_namespace_alone_comes_first() -> None:
    assert waited_for(applied(SPEC, ARGOCD)) == {"Namespace"}


def test_the_account_as_which_a_store_is_opened_comes_with_it() -> None:
    early = {(one.kind, one.name) for one in applied(SPEC + OWN_STORE, ARGOCD) if one.wave < 0}
    assert early == {("Namespace", "ml-demo-dev"), ("SecretStore", "own"), ("ServiceAccount", "serve")}


@pytest.mark.parametrize("gitops", ["", FLUX])
def test_nobody_else_gets_waves(gitops: str) -> None:
    assert {one.wave for one in applied(SPEC, gitops + STORE)} == {0}


def test_a_run_keeps_its_name_and_every_object_its_spec() -> None:
    one, other = (place(SPEC, gitops + STORE).manifests for gitops in ("", ARGOCD))
    assert [manifest.ref for manifest in one] == [manifest.ref for manifest in other]
    assert [manifest.body.get("spec") for manifest in one] == [manifest.body.get("spec") for manifest in other]


def test_a_wave_that_somebody_wrote_stays() -> None:
    written = OWN_STORE.replace("metadata: {name: own}", f'metadata: {{name: own, annotations: {{{WAVE}: "-7"}}}}')
    assert ("SecretStore", -7) in {(one.kind, one.wave) for one in applied(SPEC + written, ARGOCD)}


def test_a_wave_behind_a_run_is_refused_only_where_there_is_one() -> None:
    late = f'{{apiVersion: v1, kind: ConfigMap, metadata: {{name: x, annotations: {{{WAVE}: "3"}}}}, data: {{a: b}}}}'
    spec = f"{SPEC}manifests: [{late}]\n"
    assert "waits-for-run" in rules(spec, ARGOCD)
    assert "waits-for-run" not in rules(spec, FLUX)
    assert "waits-for-run" not in rules(spec.replace("kind: job,", 'kind: job, schedule: "0 2 * * *",'), ARGOCD)


def rules(spec: str, environment: str) -> set[str]:
    return {problem.rule for problem in problems(spec, environment)}
