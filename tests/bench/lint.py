"""`mlgen lint` and kubeconform over the same 1,000 manifests, with the same schemas: what tests/bench/run.py times.

kubeconform is built once with a Go toolchain; where there is none, that comparison is left out. Its schemas are mlgen's
own, each as a file of its own: it has to read nothing more than mlgen has.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.bench import corpus

from mlgen.kubernetes import bundle

ROOT = Path(__file__).parents[2]
MINOR = "1.35"
MODULE = "github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def commands(mlgen: str, folder: Path) -> dict[str, list[str]]:
    """What to run, by the names that run.py has for it; ``folder`` is for the files that it needs."""
    manifests = corpus.written(folder / "manifests")
    found = {
        "lint": [mlgen, "lint", "--kubernetes", MINOR, str(manifests)],
        "lint one": [mlgen, "lint", "--kubernetes", MINOR, str(next(manifests.glob("*/*/deployment.yaml")))],
    }
    if kubeconform := built():
        found["kubeconform"] = [kubeconform, "-strict", "-schema-location", schemas(folder / "schemas"), str(manifests)]
    return found


def schemas(folder: Path) -> str:
    """Write every kind's schema below ``folder``, and say how kubeconform finds them."""
    folder.mkdir()
    for name, definition in bundle.served(MINOR).items():
        api_version, kind = name.split(" ")
        group, _, version = api_version.rpartition("/")
        stem = "-".join(part for part in (kind.lower(), group.partition(".")[0], version) if part)
        schema = {"$schema": DRAFT, **bundle.closed(definition, MINOR)}
        (folder / f"{stem}.json").write_text(json.dumps(schema), "utf-8")
    return f"{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"


def built() -> str | None:
    """kubeconform: the one that MLGEN_KUBECONFORM names, that is installed, or that Go builds into .ci/bin."""
    target = ROOT / ".ci" / "bin" / "kubeconform"
    for known in (os.environ.get("MLGEN_KUBECONFORM"), shutil.which("kubeconform"), str(target)):
        if known and Path(known).is_file():
            return known
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        return None
    environment = {**os.environ, "GOBIN": str(target.parent)}
    done = subprocess.run([go, "install", MODULE], env=environment, capture_output=True, check=False)
    return str(target) if done.returncode == 0 else None
