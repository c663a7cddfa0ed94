"""What mlgen makes of a component is what Kustomize makes of it: random objects, and patches of all that is allowed."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Build

from mlgen import emit
from mlgen.components import reading
from mlgen.document import parse
from mlgen.laying.applied import applied
from mlgen.manifest import Manifest, ref
from mlgen.node import Node
from mlgen.trace import split

COUNT = 100  # objects of one kustomization, each with a patch of its own
NAMES = ("a", "b", "c", "d")
ENVIRONMENT = parse(b"components: [components/x]\n", file="environments/dev.yaml").documents[0]


class Drawn:
    """Objects and patches drawn by ``seed``."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, *of: str) -> list[str]:
        return self.random.sample(of, self.random.randint(1, len(of)))

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def word(self) -> str:
        return self.random.choice(("x", "y", "1", "true", "1e3", "long text: with # signs"))

    def container(self, name: str, *, patch: bool) -> dict[str, Any]:
        made: dict[str, Any] = {"name": name}
        if not patch or self.maybe():
            made["image"] = self.word()
        if self.maybe():
            made["command"] = [self.word() for _ in range(self.random.randint(1, 3))]
        if self.maybe():
            made["env"] = [{"name": one, "value": self.word()} for one in self.some("A", "B", "C")]
        if self.maybe():
            made["volumeMounts"] = [{"name": one, "mountPath": f"/{one}"} for one in self.some(*NAMES)]
        if self.maybe():
            made["resources"] = {"limits": {key: self.random.choice(("1", "2")) for key in self.some("cpu", "memory")}}
        if self.maybe(0.3):
            made["securityContext"] = {"capabilities": {"drop": ["ALL"]}, "runAsUser": self.random.randint(1, 9)}
        return made

    def pod(self, *, patch: bool) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if not patch or self.maybe(0.8):
            made["containers"] = [self.container(name, patch=patch) for name in self.some(*NAMES)]
        if self.maybe():
            made["volumes"] = [{"name": one, "configMap": {"name": self.word()}} for one in self.some(*NAMES)]
        if self.maybe(0.3):
            made["tolerations"] = [{"key": self.word(), "operator": "Exists"} for _ in range(self.random.randint(1, 2))]
        if self.maybe(0.3):
            made["nodeSelector"] = {key: self.word() for key in self.some("disk", "zone")}
        if self.maybe(0.3):
            made["hostAliases"] = [{"ip": one, "hostnames": ["h"]} for one in self.some("10.0.0.1", "10.0.0.2")]
        if patch and self.maybe(0.3):
            made[self.random.choice(("nodeSelector", "tolerations", "volumes", "priority"))] = None
        return made or {"priority": 1}

    def whole(self, number: int, *, patch: bool) -> dict[str, Any]:
        custom = number % 4 == 0
        metadata: dict[str, Any] = {"name": "any" if patch else f"o{number}"}
        if self.maybe():
            metadata["annotations"] = {key: self.word() for key in self.some("a/b", "c")}
        spec: dict[str, Any] = {"template": {"spec": self.pod(patch=patch)}}
        if self.maybe():
            spec["replicas"] = self.random.randint(0, 5)
        if patch and self.maybe(0.2):
            spec["paused"] = None
        head = {"apiVersion": "example.com/v1", "kind": "Trainer"}
        return {
            **(head if custom else {"apiVersion": "apps/v1", "kind": "Deployment"}),
            "metadata": metadata,
            "spec": spec,
        }

    def operations(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = [{"op": "add", "path": "/spec/minReadySeconds", "value": 3}]
        containers = body["spec"]["template"]["spec"]["containers"]
        where = "/spec/template/spec/containers"
        made.append({"op": "replace", "path": f"{where}/0/image", "value": self.word()})
        made.append(
            {"op": "add", "path": f"{where}/{self.random.choice(('-', '0'))}", "value": {"name": "new", "env": []}}
        )
        made.append({"op": "remove", "path": f"{where}/{len(containers)}"})
        if "annotations" in body["metadata"]:
            key = next(iter(body["metadata"]["annotations"])).replace("/", "~1")
            made.append({"op": "remove", "path": f"/metadata/annotations/{key}"})
        return made


@pytest.mark.parametrize("seed", range(3))
def test_kustomize_makes_the_same(seed: int, tmp_path: Path, kustomize: Build) -> None:
    drawn = Drawn(seed)
    bodies = [drawn.whole(number, patch=False) for number in range(COUNT)]
    documents = [
        drawn.operations(body) if number % 3 == 0 else drawn.whole(number, patch=True)
        for number, body in enumerate(bodies)
    ]
    targets = [
        {"kind": body["kind"], "name": body["metadata"]["name"], **({"group": "apps"} if drawn.maybe(0.3) else {})}
        for body in bodies
    ]
    component: dict[str, Any] = {
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "patches": [{"path": f"p{number}.yaml", "target": one} for number, one in enumerate(targets)],
    }
    files = {
        "components/x/kustomization.yaml": emit.dump(component).encode(),
        **{f"components/x/p{number}.yaml": json.dumps(one).encode() for number, one in enumerate(documents)},
    }
    found, _, problems = reading.read(files, [ENVIRONMENT])
    assert problems == []
    made = applied([manifest(body) for body in bodies], list(found.every.values()))
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay/all.yaml").write_text(emit.dump_all(bodies))
    (tmp_path / "overlay/kustomization.yaml").write_text("resources: [all.yaml]\ncomponents: [../components/x]\n")
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    built = {ref(body): body for body in kustomize(tmp_path / "overlay")}
    differing = {one.ref: (one.body, built[one.ref]) for one in made if one.body != built[one.ref]}
    assert not differing
    assert len(built) == len(made)
    assert sum(one.body != body for one, body in zip(made, bodies, strict=True)) >= 60, "the patches do something"


def manifest(body: dict[str, Any]) -> Manifest:
    node = parse(json.dumps(body).encode(), file="x.yaml", dialect="kubernetes").documents[0]
    whole, origins = split(node, (node,))
    assert isinstance(node, Node)
    assert isinstance(whole, dict)
    return Manifest(whole, origins)
