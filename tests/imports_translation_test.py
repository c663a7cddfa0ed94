"""Files of Arena and of Score become a spec as what they stand for does; every word that stands for nothing is told."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.imports_storage_test import BLOB
from tests.imports_test import ODD, complete, with_odd
from tests.terminal import mlgen

from mlgen import document
from mlgen.imports import told
from mlgen.imports.imported import Imported, imported
from mlgen.imports.reading import read
from mlgen.problem import Problem

ARENA = """
version: 0.1.0
name: finetune
namespace: ml-team
image: pytorch/pytorch:2.1.0
framework: {name: pytorch}
run: python train.py
worker:
  replicas: 3
  resources: {cpu: "4", memory: 16Gi, nvidia.com/gpu: "1"}
envs:
  NCCL_DEBUG: INFO
  DEPTH: 3
  HF_TOKEN: {secret: hf, key: HF_TOKEN}
scheduling: {node_selector: {gpu: a100}, queue: fast}
storages:
  - {name: dataset, mount_path: /data/dataset, pvc: dataset-pvc}
  - {name: shm, shm: 8Gi}
  - {name: tmp, tmp: 10Gi, mount_path: /tmp}
lifecycle: {active_deadline: 2h, clean_pod_policy: All}
logging: {tensorboard: {enabled: true, logdir: /tb}}
"""
SCORE = """
apiVersion: score.dev/v1b1
metadata: {name: api}
service: {ports: {www: {port: 80, targetPort: 8080}}}
containers:
  main:
    image: ghcr.io/acme/api:1
    variables: {DEPTH: "3", HOST: "${resources.db.host}"}
    resources: {requests: {cpu: 500m, memory: 2Gi}, limits: {memory: 2Gi}}
    readinessProbe: {httpGet: {path: /ready, port: 8080}}
    files: [{target: /etc/x, content: y}]
resources:
  db: {type: postgres}
"""
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "tensorflow": (
        "worker: {replicas: 4}\nchief: {resources: {cpu: 2}}\nps: {replicas: 2}\nevaluator: {}\n",
        {"kind": "tensorflow", "workers": 5, "chief": True, "ps": 2, "evaluator": True},
    ),
    "mpi": (
        "worker: {replicas: 2, resources: {cpu: 2, memory: 4Gi}}\nlauncher: {resources: {cpu: 1, memory: 2Gi}}\n",
        {
            "kind": "mpi",
            "workers": 2,
            "resources": {"cpu": 2, "memory": "4Gi"},
            "launcher": {"cpu": 1, "memory": "2Gi"},
        },
    ),
    "horovod": ("worker: {replicas: 2}\n", {"kind": "mpi", "workers": 2}),
    "pytorch": ("master: {}\nworker: {replicas: 1}\n", {"kind": "pytorch", "workers": 2}),
}


def came(text: str) -> Imported:
    problems: list[Problem] = []
    parsed = document.parse(text.encode(), file="x.yaml", dialect="kubernetes")
    objects = list(read(parsed.documents, problems))
    assert not problems
    return imported("demo", {"dev": objects})


def lost(found: Imported) -> dict[str, int]:
    """What is not carried over, and the line where it stands."""
    return {problem.message.split("`")[1]: problem.span.line for problem in told.problems(found)}


def test_a_job_of_arena_s_is_the_job_that_arena_submits() -> None:
    found = came(ARENA)
    assert complete(found)
    assert found.found["dev"].workloads["finetune"] == {
        "kind": "pytorch",
        "workers": 4,
        "image": "docker.io/pytorch/pytorch:2.1.0",
        "command": ["/bin/sh", "-c", "python train.py"],
        "sharedMemory": "8Gi",
        "timeout": "2h",
        "env": {"NCCL_DEBUG": "INFO", "DEPTH": 3},
        "secrets": ["hf"],
        "data": ["dataset", "tmp"],
        "resources": {"cpu": 4, "memory": "16Gi", "gpu": {"a100": 1}},
    }
    assert yaml.safe_load(found.text)["data"] == {
        "dataset": {"claim": "dataset-pvc", "access": "write"},
        "tmp": {"scratch": "10Gi", "path": "/tmp"},
    }


def test_what_arena_s_job_cannot_say_is_told_at_its_line() -> None:
    assert lost(came(ARENA)) == {
        "scheduling.queue": 15,
        "logging.tensorboard.enabled": 21,
        "logging.tensorboard.logdir": 21,
    }


@pytest.mark.parametrize("framework", KINDS)
def test_each_framework_has_its_pods(framework: str) -> None:
    text, words = KINDS[framework]
    head = f"name: demo\nframework: {{name: {framework}}}\nimage: ghcr.io/acme/x:1\nrun: python train.py\n"
    found = came(head + text)
    assert complete(found)
    command = {"image": "ghcr.io/acme/x:1", "command": ["/bin/sh", "-c", "python train.py"]}
    assert found.found["dev"].workloads["demo"] == {**words, **command}


def test_a_framework_without_a_job_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("name: demo\nframework: {name: ray}\nimage: x\nrun: y\n")
    done = mlgen(tmp_path, "import", "x.yaml", "--format", "concise")
    assert done.code == 2
    assert "x.yaml:2:19: error[not-importable] there is no job of `ray` in mlgen that Arena could submit" in done.err


def test_a_workload_of_score_s_is_a_server() -> None:
    found = came(SCORE)
    assert complete(found)
    assert found.found["dev"].workloads["api"] == {
        "kind": "serving",
        "server": "custom",
        "port": 8080,
        "health": "/ready",
        "image": "ghcr.io/acme/api:1",
        "env": {"DEPTH": 3},
        "resources": {"cpu": "500m", "memory": "2Gi"},
    }


def test_what_only_score_s_own_tools_make_is_told_at_its_line() -> None:
    assert lost(came(SCORE)) == {
        "containers.main.variables.HOST": 8,
        "containers.main.files[0].target": 11,
        "containers.main.files[0].content": 11,
        "resources.db.type": 13,
    }


@pytest.mark.parametrize("text", ["framework: {name: pytorch}\nname: x", "framework: {name: mpi}\nname: x\nworker: 3"])
def test_half_a_job_is_no_traceback(text: str) -> None:
    assert came(text).text


@pytest.mark.parametrize("number", range(len(ODD)))
def test_nothing_odd_is_a_traceback(number: int) -> None:
    everything = [one for text in (ARENA, SCORE, BLOB) for one in yaml.safe_load_all(text)]
    for seed, odd in enumerate(other for one in everything for other in with_odd(one, ODD[number])):
        if seed % 13 == number % 13:  # each place meets something odd, none meets everything
            problems: list[Problem] = []
            parsed = document.parse(json.dumps(odd).encode(), file="x.json", dialect="kubernetes")
            objects = list(read(parsed.documents, problems))
            assert not objects or imported("odd", {"dev": objects}).text
