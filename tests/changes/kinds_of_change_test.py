"""Law 2 and `mlgen diff`, kind by kind: what a change says, what it may do, and which files it touches, in real git.

Each row is a change that somebody makes to a small platform. The diff as text stands in kinds/<row>.txt, without hashes
and of objects that are new or gone only their names, and below it every file that rendering touches.
`MLGEN_REGENERATE=1 make test` rewrites these, and a person then reads them.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.commands.diff_test import committed, git
from tests.terminal import HEAD, mlgen, repository

HASH = re.compile(r"-[0-9a-f]{10}\b")
GOLDEN = Path(__file__).with_name("kinds")
REGENERATE = bool(os.environ.get("MLGEN_REGENERATE")) and not os.environ.get("CI")
DIGEST, OTHER_DIGEST = ("@sha256:" + digits * 4 for digits in ("0123456789abcdef", "fedcba9876543210"))
DEMO, OTHER, PINS = "projects/demo/mlgen.yaml", "projects/other/mlgen.yaml", "projects/demo/releases.yaml"
BASE, DEV, PROD = (f"environments/{name}.yaml" for name in ("base", "dev", "prod"))
TIDY = "projects/demo/manifests/tidy.yaml"
FILES = {
    BASE: HEAD.format("Environment", "base")
    + """\
registry: {host: registry.example.com}
domain: example.com
network: {ingress: {class: nginx}}
storage:
  blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}
connections:
  mlflow: {env: {MLFLOW_TRACKING_URI: "http://mlflow.mlops:5000"}}
""",
    DEV: HEAD.format("Environment", "dev") + "domain: dev.example.com\n",
    PROD: HEAD.format("Environment", "prod")
    + """\
protected: true
podSecurity: baseline
platform: {tensorflow: kubeflow-training-1.9}
gpus:
  a100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: a100}, total: 16}
  h100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: h100}, total: 8}
quota: {cpu: 128, memory: 512Gi}
""",
    DEMO: HEAD.format("Project", "demo")
    + """\
owner: growth
description: Who will leave?
image: demo
data:
  features: {blob: demo/features}
  models: {blob: demo/models}
connections: [mlflow]
secrets:
  maps: [MAPS_KEY]
workloads:
  lab: {kind: notebook, environments: [dev], users: [anna, ben]}
  nightly: {kind: job, schedule: "0 2 * * *", args: [sync]}
  train:
    kind: tensorflow
    command: [python, -m, demo.train]
    env: {EPOCHS: 20}
    secrets: [maps]
    data: [features]
    workers: 4
    resources: {cpu: 8, memory: 32Gi, gpu: {a100: 1}}
  tune: {kind: job, run: request, args: [tune]}
  serve:
    kind: serving
    server: custom
    data: [models]
    replicas: {min: 2}
    host: demo
manifests:
  - manifests/tidy.yaml
environments:
  dev:
    workloads: {train: {workers: 1, resources: {gpu: null}}}
  prod:
    workloads: {serve: {replicas: {min: 4}}}
""",
    TIDY: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tidy}\ndata: {days: '30'}\n",
    PINS: f"""\
apiVersion: mlgen.dev/v1
kind: Releases
environments:
  dev:
    images: {{demo: 1.5.0-rc.1}}
  # a line between them, and git merges both
  prod:
    images: {{demo: "1.4.2{DIGEST}"}}
""",
    OTHER: HEAD.format("Project", "other")
    + f"""\
owner: maps
workloads:
  serve: {{kind: serving, server: custom, image: "ghcr.io/acme/other:1.0{DIGEST}", host: other}}
environments: {{dev: {{}}, prod: {{}}}}
""",
}


class Row(NamedTuple):
    """What is edited: (file, old, new); without old the file is written, without new it goes. And what comes of it:
    the places whose files change ("demo/prod"), and the risks there, as "prod: danger deletes-claim"."""

    edits: list[tuple[str, str, str]]
    places: str
    risks: str = ""


def edit(file: str, old: str, new: str, places: str, risks: str = "") -> Row:
    return Row([(file, old, new)], places, risks)


ALL = "demo/base demo/dev demo/prod"
TABLE = {
    # what is written anew and says the same
    "comment": edit(DEMO, "owner: growth\n", "owner: growth   # us\n", ""),
    "reformatting": edit(
        DEMO, "command: [python, -m, demo.train]", "command:\n      - python\n      - '-m'\n      - demo.train", ""
    ),
    "description": edit(DEMO, "Who will leave?", "Who stays?", ""),
    "default-written-out": edit(DEMO, "    workers: 4\n", "    workers: 4\n    retries: 2\n", ""),
    # a project
    "owner": edit(DEMO, "owner: growth", "owner: retention", ALL, "dev: note next-run; prod: note next-run"),
    "image-of-a-workload": edit(
        OTHER,
        f"other:1.0{DIGEST}",
        f"other:2.0{OTHER_DIGEST}",
        "other/base",
        "dev: warning rolls; prod: warning rolls",
    ),
    "replicas": edit(
        DEMO, "serve: {replicas: {min: 4}}", "serve: {replicas: {min: 6}}", "demo/prod", "prod: note changes-demand"
    ),
    "training-argument": edit(
        DEMO,
        "demo.train]",
        "demo.train, --fast]",
        "demo/dev demo/prod",
        "dev: warning starts-run; prod: warning starts-run",
    ),
    "training-input": edit(
        DEMO,
        "    data: [features]\n",
        "    data: [features, models]\n",
        "demo/dev demo/prod",
        "dev: warning starts-run; prod: warning starts-run",
    ),
    "environment-variable-of-one": edit(
        DEMO,
        "{train: {workers: 1, ",
        "{train: {env: {EPOCHS: 2}, workers: 1, ",
        "demo/dev",
        "dev: warning starts-run",
    ),
    "gpu-class": edit(
        DEMO,
        "gpu: {a100: 1}}",
        "gpu: {h100: 1}}",
        "demo/prod",
        "prod: warning starts-run; prod: warning changes-demand; prod: note changes-demand",
    ),
    "workers": edit(
        DEMO,
        "    workers: 4",
        "    workers: 8",
        "demo/prod",
        "prod: warning starts-run; prod: warning changes-demand; prod: note changes-demand",
    ),
    "schedule": edit(DEMO, "0 2 * * *", "30 4 * * *", "demo/base", "dev: note next-run; prod: note next-run"),
    "requested-run": edit(
        PINS,
        "    images: {demo: 1.5.0-rc.1}\n",
        "    images: {demo: 1.5.0-rc.1}\n    runs: {tune: first}\n",
        "demo/dev",
        "dev: warning starts-run; dev: note changes-demand; dev: note no-digest",
    ),
    "serving-host": edit(
        DEMO, "host: demo", "host: leavers", "demo/base demo/dev", "dev: warning host-gone; prod: warning host-gone"
    ),
    "renamed-workload": Row(
        [(DEMO, "  serve:\n", "  answer:\n"), (DEMO, "{serve: {replicas", "{answer: {replicas")],
        ALL,
        "dev: warning deletes-workload; prod: warning deletes-workload; dev: warning host-gone;"
        "prod: warning host-gone; dev: note no-digest",
    ),
    "user-that-leaves": edit(
        DEMO,
        "users: [anna, ben]",
        "users: [anna]",
        "demo/dev",
        "dev: danger deletes-claim; dev: warning deletes-workload; dev: note changes-demand",
    ),
    "secret": edit(
        DEMO,
        "[MAPS_KEY]",
        "[MAPS_KEY, MAPS_USER]",
        "demo/dev demo/prod",
        "dev: warning starts-run; prod: warning starts-run",
    ),
    "connection-taken": edit(
        DEMO,
        "connections: [mlflow]\n",
        "",
        ALL,
        "dev: warning starts-run; prod: warning starts-run; dev: warning rolls; prod: warning rolls;"
        "dev: note next-run; prod: note next-run",
    ),
    "patch": edit(
        DEMO,
        "    host: demo\n",
        "    host: demo\n    patches: [{kind: Deployment, spec: {revisionHistoryLimit: 7}}]\n",
        "demo/base",
    ),
    "manifest": edit(TIDY, "days: '30'", "days: '60'", "demo/dev demo/prod"),
    "manifest-that-goes": Row(
        [(DEMO, "manifests:\n  - manifests/tidy.yaml\n", ""), (TIDY, "", "")], "demo/dev demo/prod"
    ),
    "rule-ignored": edit(DEMO, "    host: demo\n", "    host: demo\n    ignore: {no-deadline: It is short.}\n", ""),
    # releases
    "release-of-an-image": edit(
        PINS,
        "1.5.0-rc.1",
        "1.5.0",
        "demo/dev",
        "dev: warning starts-run; dev: warning rolls; dev: note next-run; dev: note no-digest",
    ),
    "promoted-image": edit(
        PINS,
        f"1.4.2{DIGEST}",
        f"1.5.0{OTHER_DIGEST}",
        "demo/prod",
        "prod: warning starts-run; prod: warning rolls; prod: note next-run",
    ),
    # which projects and environments there are
    "new-project": Row(
        [("projects/new/mlgen.yaml", "", FILES[OTHER].replace("other", "new"))],
        "new/base new/dev new/prod",
        "dev: note changes-demand; prod: note changes-demand",
    ),
    "deleted-project": edit(
        OTHER,
        "",
        "",
        "other/base other/dev other/prod",
        "dev: danger deletes-namespace; prod: danger deletes-namespace; dev: warning deletes-workload;"
        "prod: warning deletes-workload; dev: warning host-gone; prod: warning host-gone;"
        "dev: note changes-demand; prod: note changes-demand",
    ),
    "new-environment": Row(
        [
            ("environments/staging.yaml", "", HEAD.format("Environment", "staging") + "domain: staging.example.com\n"),
            (OTHER, "{dev: {}, prod: {}}", "{dev: {}, staging: {}, prod: {}}"),
        ],
        "other/staging",
        "staging: note changes-demand",
    ),
    "removed-environment": edit(
        OTHER,
        "{dev: {}, prod: {}}",
        "{dev: {}}",
        "other/prod",
        "prod: danger deletes-namespace; prod: warning deletes-workload; prod: warning host-gone;"
        "prod: note changes-demand",
    ),
    # environments
    "environment-file": edit(
        DEV,
        "domain: dev.example.com",
        "domain: test.example.com",
        "demo/dev other/dev",
        "dev: warning host-gone",
    ),
    "quota": edit(PROD, "cpu: 128", "cpu: 96", "demo/prod other/prod"),
    "storage-account": edit(
        BASE,
        "account: acmeml,",
        "account: acmemltwo,",
        ALL,
        "dev: warning starts-run; prod: warning starts-run; dev: warning rolls; prod: warning rolls",
    ),
    "defaults-of-a-kind": edit(
        DEV,
        "domain: dev.example.com",
        "domain: dev.example.com\ndefaults: {serving: {replicas: {min: 3}}}",
        "other/dev",
        "dev: note changes-demand",
    ),
    "namespace": edit(
        DEV,
        "domain: dev.example.com",
        'domain: dev.example.com\nnamespace: "lab-{{ project.name }}-{{ environment.name }}"',
        "demo/dev other/dev",
        "dev: danger deletes-namespace; dev: danger deletes-claim; dev: warning starts-run;"
        "dev: warning deletes-workload; dev: warning host-gone; dev: warning deletes-schedule;"
        "dev: note left-behind; dev: note no-digest",
    ),
    "history": edit(
        PROD, "protected: true\n", "protected: true\nhistory: prune\n", "demo/prod", "prod: note run-unkept"
    ),
    "pod-security": edit(PROD, "podSecurity: baseline", "podSecurity: privileged", "demo/prod other/prod"),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The platform, rendered and committed."""
    root = repository(tmp_path_factory.mktemp("template") / "platform", FILES)
    git(root, "init", "--quiet", "--initial-branch", "main")
    done = mlgen(root, "render")
    assert done.code == 0, done
    committed(root)
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "platform"))


def apply(root: Path, row: Row) -> None:
    for file, old, new in row.edits:
        path = root / file
        if not old and not new:
            path.unlink()
        elif not old:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, "utf-8")
        else:
            text = path.read_text("utf-8")
            assert old in text, (file, old)
            path.write_text(text.replace(old, new), "utf-8")


def said(document: dict[str, Any]) -> set[str]:
    return {
        f"{one['environment']}: {risk['level']} {risk['rule']}"
        for one in document["differences"]
        for risk in one["risks"]
    }


def touched(root: Path) -> list[str]:
    """What git sees of overlays/ after a change: "M demo/prod/mlgen.lock"; "A" is new, "D" is gone."""
    git(root, "add", "--all", "overlays")
    rows = git(root, "diff", "--cached", "--no-renames", "--name-status", "--", "overlays").splitlines()
    return [row.replace("\toverlays/", " ") for row in rows]


def folders(files: list[str]) -> set[str]:
    """The projects and environments that ``files`` belong to, "demo/prod"."""
    return {"/".join(file[2:].split("/")[:2]) for file in files}


def brief(text: str) -> Iterator[str]:
    """The diff without its hashes, and of objects that are new or gone only their names."""
    whole = False
    for line in HASH.sub("-HASH", text).splitlines():
        head = re.match(r"  ([-+~]) [A-Z]", line)
        whole = head[1] != "~" if head else whole and line.startswith("    ")
        if head or not whole:
            yield line


def listed(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(";") if part.strip())


@pytest.mark.parametrize("name", TABLE)
def test_a_change_says_what_it_does_and_touches_nothing_else(name: str, root: Path) -> None:
    row = TABLE[name]
    apply(root, row)
    document = mlgen(root, "diff", "--format", "json")
    assert document.code == 0, document
    assert said(json.loads(document.out)) == set(listed(row.risks))
    text = "".join(f"{line}\n" for line in brief(mlgen(root, "diff").out))
    assert mlgen(root, "render").code == 0
    files = touched(root)
    whole = text + "".join(HASH.sub("-HASH", f"{file}\n") for file in ["", "touched:", *files] if files)
    golden = GOLDEN / f"{name}.txt"
    if REGENERATE:
        golden.write_text(whole, "utf-8")
    assert whole == golden.read_text("utf-8")
    assert folders(files) == set(row.places.split())
    assert bool(row.places) == bool(text), "what diff does not tell, render does not change"
    told = {(one["project"], one["environment"]) for one in json.loads(document.out)["differences"]}
    places = {tuple(place.split("/")) for place in folders(files)}
    assert {project for project, _ in told} == {project for project, _ in places}
    assert {place for place in places if place[1] != "base"} <= told


def test_the_table_has_many_kinds_and_no_text_is_left_over() -> None:
    assert len(TABLE) >= 30
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(TABLE)
