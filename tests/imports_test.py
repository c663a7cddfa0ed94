"""Manifests become a spec that builds them: those that people write, hostile ones, and what the operators' own ship."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlgen import document
from mlgen.imports import FORMS, told
from mlgen.imports.form import name
from mlgen.imports.imported import Imported, imported
from mlgen.imports.proof import Proven
from mlgen.imports.source import Source, sources
from mlgen.problem import Problem

SAMPLES = Path(__file__).parent.parent.parent / "shared" / "samples"
INDEX = SAMPLES / "INDEX.tsv"
# The kinds of the field that an import reads.
KINDS = frozenset(
    "TFJob PyTorchJob MPIJob TrainJob SparkApplication ScheduledSparkApplication InferenceService RayJob Notebook"
    " Deployment Job CronJob PersistentVolume PersistentVolumeClaim".split()
)
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web, team: growth}}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      imagePullSecrets: [{name: acr}]
      containers:
        - name: web
          image: acme.azurecr.io/web:1.2
          imagePullPolicy: IfNotPresent
          args: [--fast, "{{ not-a-template }}"]
          env:
            - {name: DEPTH, value: "3"}
            - {name: API_TOKEN, value: s3cr3t-and-long}
            - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: DB_PASSWORD}}}
            - {name: OTHER, valueFrom: {secretKeyRef: {name: db, key: other}}}
          ports: [{name: web, containerPort: 8080, protocol: TCP}]
          readinessProbe: {httpGet: {path: /ready, port: web}, periodSeconds: 5}
          resources: {requests: {cpu: "1", memory: 1024Mi}, limits: {memory: 1Gi}}
          volumeMounts:
            - {name: shared, mountPath: /data/shared, readOnly: true}
            - {name: config, mountPath: /etc/web}
      volumes:
        - {name: shared, persistentVolumeClaim: {claimName: shared-datasets}}
        - {name: config, configMap: {name: web}}
status: {replicas: 3}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: web}]
"""
TRAINING = """
apiVersion: kubeflow.org/v1
kind: TFJob
metadata: {name: train}
spec:
  runPolicy: {cleanPodPolicy: None, activeDeadlineSeconds: 7200}
  tfReplicaSpecs:
    Chief: &pods
      replicas: 1
      restartPolicy: OnFailure
      template:
        spec:
          nodeSelector: {accelerator: a100}
          containers:
            - name: tensorflow
              image: tensorflow/tensorflow:2.19.0
              command: [python, -m, train]
              resources: {limits: {cpu: 4, memory: 16Gi, nvidia.com/gpu: 2}}
    Worker:
      <<: *pods
      replicas: 3
    PS:
      replicas: 1
      template:
        spec:
          containers: [{name: tensorflow, image: "tensorflow/tensorflow:2.19.0", command: [python, -m, train]}]
"""
NIGHTLY = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 2 * * *"
  concurrencyPolicy: Replace
  jobTemplate:
    spec:
      backoffLimit: 4
      template:
        spec:
          restartPolicy: Never
          containers: [{name: nightly, image: "ghcr.io/acme/nightly:1", command: [python, -m, nightly]}]
"""


def read(text: str | bytes) -> list[Source]:
    """The objects of some manifests."""
    parsed = document.parse(text if isinstance(text, bytes) else text.encode(), file="x.yaml", dialect="kubernetes")
    return list(sources(parsed.documents, []))


def came(text: str | bytes, title: str = "") -> Imported:
    """What an import makes of them."""
    found = read(text)
    return imported(title or name(found[0].name), {"dev": found})


def proven(found: Imported) -> list[Proven]:
    return [each for proof in found.proofs.values() for each in proof.proven]


def complete(found: Imported) -> bool:
    """Whether what is built says all that was imported."""
    return all(each.built is not None and not each.missing for each in proven(found))


def notes(found: Imported) -> dict[str, str]:
    """Where each value went that is not in the spec's own words."""
    lines = [note.line.split(": ", 2) for each in proven(found) for note in each.part.notes]
    return {path: where for _, path, where in lines}


def test_a_server_and_its_service_are_one_workload() -> None:
    found = came(DEPLOYMENT)
    assert complete(found)
    assert found.text == (
        """\
apiVersion: mlgen.dev/v1
kind: Project
name: web
owner: unknown

data: {shared: {claim: shared-datasets}}

secrets: {web-secrets: [API_TOKEN], db: [DB_PASSWORD]}

workloads:
  web:
    kind: serving
    server: custom
    port: 8080
    health: /ready
    replicas: {min: 3}
    image: acme.azurecr.io/web:1.2
    env: {DEPTH: 3}
    secrets: [web-secrets, db]
    data: [shared]
    resources: {cpu: 1, memory: 1Gi}
    patches:
      - kind: Deployment
        metadata: {labels: {team: growth}}
        spec:
          template:
            spec:
              containers:
                - name: server
                  args: [--fast, "{{ not-a-template }}"]
                  env: [{name: OTHER, valueFrom: {secretKeyRef: {name: db, key: other}}}]
                  readinessProbe: {periodSeconds: 5}
                  volumeMounts: [{name: config, mountPath: /etc/web}]
              volumes: [{name: config, configMap: {name: web}}]
      - {kind: Service, spec: {ports: [{name: http, port: 80}]}}
environments: {dev: {}}
"""
    )


def test_no_value_of_a_secret_is_in_a_spec_or_a_message() -> None:
    found = came(DEPLOYMENT + "---\n{apiVersion: v1, kind: Secret, metadata: {name: db}, stringData: {A: hush-hush-7}}")
    said = [*told.lines(found), *map(str, told.problems(found)), found.text]
    assert not [line for line in said if "s3cr3t" in line or "hush" in line]
    assert [problem.span.line for problem in told.problems(found) if problem.rule == "not-carried"] == [19, 40]
    assert "x.yaml:40: Secret/db -> the environment's `secrets`" in told.lines(found)


def test_what_stands_elsewhere_is_told_with_its_place() -> None:
    found = notes(came(DEPLOYMENT))
    assert found["metadata.namespace"] == "the environment's `namespace`"
    assert found["status"] == "the cluster writes it"
    assert found["spec.selector"] == "mlgen's own labels select"
    assert found["spec.template.spec.containers[0].args[0]"] == "`patches`"
    assert found["metadata.labels.team"] == "`patches`"
    assert "spec.replicas" not in found


def test_an_environment_that_fits_is_told() -> None:
    lines = list(told.lines(came(TRAINING)))
    start = lines.index("\nenvironments/dev.yaml, or one like it, offers what this needs:")
    assert lines[start + 1 :] == [
        "  platform:",
        "    tensorflow: kubeflow-training-1.9",
        "  gpus:",
        "    a100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: a100}}",
    ]


def test_distributed_training_is_a_few_words() -> None:
    found = came(TRAINING)
    assert complete(found)
    words = found.found["dev"].workloads["train"]
    assert words == {
        "kind": "tensorflow",
        "workers": 4,
        "chief": True,
        "ps": 1,
        "timeout": "2h",
        "image": "docker.io/tensorflow/tensorflow:2.19.0",
        "command": ["python", "-m", "train"],
        "resources": {"cpu": 4, "memory": "16Gi", "gpu": {"a100": 2}},
    }


def test_a_schedule_is_said_in_the_words_of_a_job() -> None:
    found = came(NIGHTLY)
    assert complete(found)
    assert found.found["dev"].workloads["nightly"] == {
        "kind": "job",
        "schedule": "0 2 * * *",
        "concurrency": "Replace",
        "retries": 4,
        "image": "ghcr.io/acme/nightly:1",
        "command": ["python", "-m", "nightly"],
    }
    assert "patches" not in found.text


def test_what_no_kind_says_stays_whole() -> None:
    found = came("{apiVersion: v1, kind: ConfigMap, metadata: {name: limits, uid: a1}, data: {depth: '3'}}")
    assert complete(found)
    assert "workloads: {}" in found.text
    assert '- {apiVersion: v1, kind: ConfigMap, metadata: {name: limits}, data: {depth: "3"}}' in found.text


def test_what_cannot_be_built_even_whole_is_an_error_with_the_reason() -> None:
    found = came("{apiVersion: v1, kind: ConfigMap, metadata: {name: odd, labels: [a]}}")
    problem = next(told.problems(found))
    assert (problem.rule, problem.severity, problem.span.line) == ("not-the-same", "error", 1)
    assert problem.message == "the spec cannot build ConfigMap/odd"
    assert problem.help.startswith("mlgen says: `labels` must be a map, not a list")


def test_what_is_no_object_is_a_problem() -> None:
    problems: list[Problem] = []
    parsed = document.parse(b"[1]\n---\n{kind: Job}\n---\nx\n", file="x.yaml", dialect="kubernetes")
    assert not list(sources(parsed.documents, problems))
    assert [(problem.rule, problem.span.line) for problem in problems] == [
        ("not-importable", 1),
        ("not-importable", 3),
        ("not-importable", 5),
    ]


ODD: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    0,
    -1,
    1.5,
    True,
    "x",
    "A_b",
    "{{",
    ["x"],
    [[]],
    {"x": 1},
    [{}],
    "\u0000",
    10**30,
)


def with_odd(value: Any, odd: Any) -> Iterator[Any]:
    """``value`` with ``odd`` in the place of each of its parts, one at a time."""
    yield odd
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: other} for other in with_odd(item, odd))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from ([*value[:index], other, *value[index + 1 :]] for other in with_odd(item, odd))


@pytest.mark.parametrize("text", [DEPLOYMENT, TRAINING, NIGHTLY], ids=["deployment", "training", "nightly"])
@pytest.mark.parametrize("number", range(len(ODD)))
def test_nothing_odd_is_a_traceback(text: str, number: int) -> None:
    plain = read(text)[0].body.plain()
    assert isinstance(plain, dict)
    for seed, odd in enumerate(with_odd(plain, ODD[number])):
        if seed % 7 == number % 7:  # each place meets something odd, none meets everything
            text = json.dumps(odd)
            if found := read(text):
                assert imported("odd", {"dev": found}).text


def upstream() -> list[str]:
    """The samples with a kind of these, by file."""
    if not INDEX.exists():
        return []
    files = [line.split("\t")[0] for line in INDEX.read_text("utf-8").splitlines()[1:]]
    return [file for file in files if any(f"kind: {kind}" in _text(file) for kind in KINDS)]


def _text(file: str) -> str:
    return (SAMPLES / file).read_text("utf-8", errors="replace").replace('"', "")


@pytest.mark.skipif(not INDEX.exists(), reason="the upstream samples are not here")
def test_the_samples_of_the_operators_come_back() -> None:
    """Every one imports, at least 80 of 100 come back with all they say, each of the others names what it lost."""
    count, same, silent = 0, 0, []
    for file in upstream():
        found = read((SAMPLES / file).read_bytes())
        if not any(source.kind in KINDS for source in found):
            continue
        for each in proven(imported(name(found[0].name), {"dev": found})):
            if each.part.source.kind in KINDS:
                count += 1
                lost = any(note.lost for note in each.part.notes)
                same += each.built is not None and not each.missing and not lost
                if each.built is None:
                    silent.append(f"{file}: {each.part.source.title}")
    assert not silent
    assert count >= 100
    assert same >= 0.8 * count


def test_every_form_is_of_a_kind_that_is_listed() -> None:
    assert {kind for _, kind in FORMS} <= KINDS
