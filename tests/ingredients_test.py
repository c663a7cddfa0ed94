"""Which files a kustomization takes that are no objects by themselves."""

import pytest

from mlgen.ingredients import ingredients, is_kustomization

KUSTOMIZATION = b"""\
resources: [../base, job.yaml]
patches:
- path: patches/serve.yaml
- patch: |
    - op: remove
      path: /spec
patchesStrategicMerge:
- old.yaml
- |-
  kind: Job
  metadata: {name: a}
patchesJson6902: [{target: {kind: Job}, path: ./ops.yaml}]
replacements: [{path: replaced.yaml}, {source: {kind: Job}}]
configurations: [names.yaml]
transformers: [labels.yaml]
openapi: {path: schema.json}
configMapGenerator: [{name: a, files: [a.json, b=../c.yaml], envs: [x.env]}]
helmCharts: [{valuesFile: values.yaml, additionalValuesFiles: [more.yaml]}]
"""


def test_what_is_named_is_found() -> None:
    assert ingredients({"overlays/prod/kustomization.yaml": KUSTOMIZATION}) == {
        "overlays/prod/patches/serve.yaml",
        "overlays/c.yaml",
        *(f"overlays/prod/{name}" for name in "old.yaml ops.yaml replaced.yaml names.yaml labels.yaml".split()),
        *(f"overlays/prod/{name}" for name in "schema.json a.json x.env values.yaml more.yaml".split()),
    }


@pytest.mark.parametrize(
    "text", ["", "a: [", "- a", "patches: 1", "patches: [1, {path: 2}]", "openapi: [a]", "&a [*a]"]
)
def test_whatever_it_says_it_never_raises(text: str) -> None:
    assert ingredients({"kustomization.yaml": text.encode()}) == frozenset()


def test_kustomizations_are_known_by_their_names() -> None:
    names = [
        "kustomization.yaml",
        "a/kustomization.yml",
        "Kustomization",
        "kustomization.json",
        "my-kustomization.yaml",
    ]
    assert [is_kustomization(name) for name in names] == [True, True, True, False, False]
