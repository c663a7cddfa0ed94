"""Law 1 for what a platform adds: random ones with a component and a kind of their own, built by a real Kustomize."""

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, reject, seed, settings
from tests.conftest import ROOT, Build
from tests.law_kustomize_test import overlays, umbrellas, under_one_umbrella, written
from tests.platforms import Tree, files, platforms

from mlgen.platform import load
from mlgen.problem import MlgenError

KINDS = ROOT / "tests" / "cases" / "own-kinds" / "kinds"
COMPONENT: dict[str, Any] = {
    "kustomization.yaml": {
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "resources": ["added.yaml"],
        "patches": [
            {"path": "accounts.yaml", "target": {"kind": "ServiceAccount"}},
            {"path": "servers.yaml", "target": {"group": "apps", "kind": "Deployment", "name": ".*"}},
            {"path": "claims.yaml", "target": {"kind": "PersistentVolumeClaim"}},
            {"path": "limits.yaml", "target": {"kind": "NetworkPolicy"}},
        ],
    },
    "added.yaml": {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "what-all-have"},
        "data": {"a": "1e3"},
    },
    "accounts.yaml": [{"op": "add", "path": "/metadata/labels/example.com~1seen", "value": "yes"}],
    "servers.yaml": {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "any", "annotations": {"example.com/a": "b"}},
        "spec": {
            "minReadySeconds": 5,
            "template": {
                "spec": {
                    "tolerations": [{"key": "a", "operator": "Exists"}],
                    "containers": [{"name": "server", "env": [{"name": "FROM_HERE", "value": "on"}]}],
                    "volumes": [{"name": "extra", "configMap": {"name": "what-all-have"}}],
                }
            },
        },
    },
    "claims.yaml": {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "any", "annotations": {"example.com/kept": "yes"}},
    },
    "limits.yaml": [{"op": "add", "path": "/spec/egress/0", "value": {"to": [{"ipBlock": {"cidr": "10.9.0.0/16"}}]}}],
}
COUNT = 16


def test_kustomize_builds_what_mlgen_builds(kustomize: Build) -> None:
    seen: Counter[str] = Counter()

    @seed(1)
    @settings(max_examples=COUNT, database=None, deadline=None, derandomize=False)
    @given(platforms())
    def law(tree: Tree) -> None:
        platform = load(with_own(tree))
        try:
            found = overlays(platform)
        except MlgenError:  # what mlgen refuses, nobody applies
            reject()
        with TemporaryDirectory() as folder:
            root = Path(folder) / "overlays"
            root.mkdir()
            written(root, found)
            for name, text in component().items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
            for group in umbrellas(found):
                under_one_umbrella(kustomize, root, group)
        for one in found:
            seen["components"] += "components:" in one.files["kustomization.yaml"]
            seen["own runs"] += sum(ref.name.startswith("own-dbt-") for ref in one.objects)

    law()
    assert seen["components"], seen
    assert seen["own runs"], seen


def with_own(tree: Tree) -> dict[str, bytes]:
    """``tree`` whose environments have the component, and whose projects have a workload of a kind of its own."""
    changed: Tree = {}
    for path, document in tree.items():
        if path.startswith("environments/") and not path.endswith("/base.yaml"):
            document = {**document, "components": ["components/all"]}
        elif path.endswith("/mlgen.yaml"):
            own = {
                "kind": "dbt",
                "image": "ghcr.io/acme/dbt:1.9@sha256:" + "0" * 64,
                "select": "marts+ {{ environment.name }}",
            }
            document = {**document, "workloads": {**document["workloads"], "own-dbt": own}}
        changed[path] = document
    kind = {f"kinds/dbt/{name}": (KINDS / "dbt" / name).read_bytes() for name in ("schema.json", "job.yaml")}
    return {**files(changed), **component(), **kind}


def component() -> dict[str, bytes]:
    """Its files."""
    return {f"components/all/{name}": json.dumps(document).encode() for name, document in COMPONENT.items()}
