"""Manifests become a spec that builds them: those that people write, hostile ones, and what the operators' own ship."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlgen import document
from mlgen.imports import FORMS, told
from mlgen.imports.imported import Imported, imported
from mlgen.imports.naming import name
from mlgen.imports.proof import Proven
from mlgen.imports.source import Source, sources
from mlgen.problem import MlgenError, Problem

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
OPERATORS = """
apiVersion: kubeflow.org/v1
kind: MPIJob
metadata: {name: horovod}
spec:
  slotsPerWorker: 2
  mpiReplicaSpecs:
    Launcher:
      replicas: 1
      template:
        spec:
          containers:
            - name: mpi
              image: ghcr.io/acme/hvd:1
              command: [mpirun, python, train.py]
              resources: {requests: {cpu: 1, memory: 2Gi}}
    Worker:
      replicas: 3
      template:
        spec:
          containers:
            - name: mpi
              image: ghcr.io/acme/hvd:1
              resources: {requests: {cpu: 8, memory: 32Gi}, limits: {memory: 32Gi, nvidia.com/gpu: 2}}
---
apiVersion: ray.io/v1
kind: RayJob
metadata: {name: tune}
spec:
  entrypoint: python -m tune --trials 20
  rayClusterSpec:
    rayVersion: "2.52.0"
    headGroupSpec:
      template:
        spec:
          containers:
            - name: head
              image: rayproject/ray:2.52.0
              env: [{name: DEPTH, value: "2"}]
              resources: {requests: {cpu: 2, memory: 4Gi}}
    workerGroupSpecs:
      - groupName: small
        replicas: 4
        minReplicas: 4
        maxReplicas: 4
        template:
          spec:
            containers:
              - {name: worker, image: "rayproject/ray:2.52.0", resources: {requests: {cpu: 4, memory: 16Gi}}}
---
apiVersion: sparkoperator.k8s.io/v1beta2
kind: ScheduledSparkApplication
metadata: {name: features}
spec:
  schedule: "0 1 * * *"
  concurrencyPolicy: Forbid
  template:
    type: Python
    mode: cluster
    image: ghcr.io/acme/features:1
    mainApplicationFile: local:///opt/features.py
    sparkVersion: 4.0.4
    sparkConf: {spark.sql.shuffle.partitions: "400"}
    restartPolicy: {type: OnFailure, onFailureRetries: 3}
    driver: {cores: 1, memory: 2g}
    executor: {instances: 5, cores: 4, memory: 8g}
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: scorer}
spec:
  predictor:
    minReplicas: 2
    maxReplicas: 6
    containers:
      - name: kserve-container
        image: ghcr.io/acme/scorer:1
        ports: [{containerPort: 8080, protocol: TCP}]
        resources: {requests: {cpu: 1, memory: 2Gi}}
---
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata: {name: tune-llm}
spec:
  runtimeRef: {name: torch-distributed, kind: ClusterTrainingRuntime, apiGroup: trainer.kubeflow.org}
  trainer:
    numNodes: 2
    image: ghcr.io/acme/llm:1
    command: [torchrun, train.py]
    resourcesPerNode: {requests: {cpu: 8, memory: 64Gi}, limits: {memory: 64Gi, nvidia.com/gpu: 4}}
---
apiVersion: kubeflow.org/v1
kind: Notebook
metadata: {name: lab-anna, namespace: anna}
spec:
  template:
    spec:
      containers:
        - name: lab-anna
          image: ghcr.io/acme/lab:1
          resources: {requests: {cpu: 2, memory: 8Gi}}
          volumeMounts: [{name: ws, mountPath: /home/jovyan}]
      volumes: [{name: ws, persistentVolumeClaim: {claimName: ws-anna}}]
"""
WORDS = {
    "horovod": {
        "kind": "mpi",
        "workers": 3,
        "image": "ghcr.io/acme/hvd:1",
        "command": ["mpirun", "python", "train.py"],
        "slots": 2,
        "resources": {"cpu": 8, "memory": "32Gi", "gpu": {"gpu": 2}},
        "launcher": {"cpu": 1, "memory": "2Gi"},
    },
    "tune": {
        "kind": "ray",
        "workers": 4,
        "image": "docker.io/rayproject/ray:2.52.0",
        "version": "2.52.0",
        "command": ["python", "-m", "tune", "--trials", "20"],
        "env": {"DEPTH": 2},
        "resources": {"cpu": 4, "memory": "16Gi"},
        "head": {"cpu": 2, "memory": "4Gi"},
    },
    "features": {
        "kind": "spark",
        "schedule": "0 1 * * *",
        "concurrency": "Forbid",
        "image": "ghcr.io/acme/features:1",
        "main": "local:///opt/features.py",
        "conf": {"spark.sql.shuffle.partitions": "400"},
        "retries": 3,
        "driver": {"cpu": 1, "memory": "2867Mi"},
        "executors": {"count": 5, "cpu": 4, "memory": "11468Mi"},
    },
    "scorer": {
        "kind": "serving",
        "server": "custom",
        "port": 8080,
        "replicas": {"min": 2, "max": 6},
        "image": "ghcr.io/acme/scorer:1",
        "resources": {"cpu": 1, "memory": "2Gi"},
    },
    "tune-llm": {
        "kind": "pytorch",
        "workers": 2,
        "image": "ghcr.io/acme/llm:1",
        "command": ["torchrun", "train.py"],
        "resources": {"cpu": 8, "memory": "64Gi", "gpu": {"gpu": 4}},
    },
    "lab": {
        "kind": "notebook",
        "image": "ghcr.io/acme/lab:1",
        "users": ["anna"],
        "resources": {"cpu": 2, "memory": "8Gi"},
    },
}

# What a runtime serves, and what is said of it.
WHOLE = {
    "{model: {modelFormat: {name: sklearn}, storageUri: 'gs://x/y'}}": (
        "a runtime of the cluster serves its model; `kind: serving` with `server: mlserver` and `runtime: sklearn` "
        "serves it from a container that git knows"
    ),
    "{tensorflow: {storageUri: 'gs://x/y'}}": (
        "a runtime of the cluster serves its model; `kind: serving` with `server: tensorflow-serving` serves it from a "
        "container that git knows"
    ),
    "{pmml: {storageUri: 'gs://x/y'}}": "a runtime of the cluster serves its model",
}


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


@pytest.mark.parametrize("name", WORDS)
def test_each_operator_s_kind_has_words(name: str) -> None:
    found = came(OPERATORS)
    assert complete(found)
    assert found.found["dev"].workloads[name] == WORDS[name]


def test_all_operators_fit_into_one_environment() -> None:
    assert came(OPERATORS).found["dev"].shared.needs.lines() == {
        "platform": {
            "mpi": "kubeflow-training-1.9",
            "ray": "kuberay-1.4",
            "spark": "spark-operator-2.5",
            "serving": "kserve-0.20",
            "pytorch": "kubeflow-trainer-2.2",
            "notebook": "kubeflow-notebooks-1.10",
        },
        "gpus": {"gpu": {"resource": "nvidia.com/gpu"}},
        "podSecurity": "baseline",
        "runtimes": {"pytorch": "torch-distributed"},
        "existing": {"claims": ["ws-anna"]},
    }


def test_what_keeps_an_object_from_being_a_workload_is_told() -> None:
    found = came(OPERATORS.replace("command: [mpirun, python, train.py]", "tty: true"))
    assert [line for line in told.lines(found) if "MPIJob" in line] == [
        "x.yaml:3: MPIJob/horovod -> `manifests`, whole: it does not say what runs"
    ]


def test_a_custom_resource_of_another_version_stays_whole() -> None:
    found = came(
        OPERATORS.replace("apiVersion: kubeflow.org/v1\nkind: MPIJob", "apiVersion: kubeflow.org/v2beta1\nkind: MPIJob")
    )
    assert [line for line in told.lines(found) if "MPIJob" in line] == [
        "x.yaml:3: MPIJob/horovod -> `manifests`, whole: mlgen makes it of kubeflow.org/v1"
    ]


def test_a_native_object_of_an_old_version_is_of_the_new_one() -> None:
    found = came(NIGHTLY.replace("batch/v1", "batch/v1beta1"))
    assert complete(found)
    assert "manifests" not in found.text


def test_one_pod_of_an_operator_s_job_is_a_job() -> None:
    found = came(TRAINING.partition("    Worker:")[0])
    lines = list(told.lines(found))
    assert lines[0] == "x.yaml:3: TFJob/train -> workload `train`, kind tensorflow: as a Job, for it is one pod"
    assert [problem.message for problem in told.problems(found)] == [
        "`spec.runPolicy.cleanPodPolicy` is not in the spec",
        "`spec.tfReplicaSpecs.Chief.restartPolicy` is not in the spec",
    ]


@pytest.mark.parametrize(("predictor", "why"), WHOLE.items(), ids=WHOLE)
def test_a_model_that_a_runtime_serves_stays_whole_with_a_way_on(predictor: str, why: str) -> None:
    head = "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: iris}\n"
    found = came(f"{head}spec: {{predictor: {predictor}}}\n")
    assert complete(found)
    assert next(told.lines(found)) == f"x.yaml:2: InferenceService/iris -> `manifests`, whole: {why}"


def test_what_the_objects_take_for_granted_is_in_the_environment() -> None:
    pod = "serviceAccountName: runner, priorityClassName: high, containers: [{name: x, image: 'ghcr.io/acme/x:1'}]"
    spec = f"{{template: {{spec: {{restartPolicy: Never, {pod}}}}}}}"
    needs = came(f"{{apiVersion: batch/v1, kind: Job, metadata: {{name: x}}, spec: {spec}}}").found["dev"].shared.needs
    assert needs.lines() == {"existing": {"serviceAccounts": ["runner"], "priorityClasses": ["high"]}}
    assert came(DEPLOYMENT).found["dev"].shared.needs.lines()["existing"] == {"configMaps": ["web"]}


@pytest.mark.parametrize(
    ("container", "level"),
    [("", "baseline"), (", securityContext: {privileged: true}", "privileged")],
    ids=["baseline", "privileged"],
)
def test_the_environment_takes_the_pods_that_there_are(container: str, level: str) -> None:
    found = came(
        "{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {automountServiceAccountToken: false, "
        f"containers: [{{name: x, image: 'ghcr.io/acme/x:1'{container}}}]}}}}"
    )
    assert found.found["dev"].shared.needs.lines() == {"podSecurity": level}


def test_what_mlgen_says_of_the_spec_is_told_in_a_line() -> None:
    assert list(told.judged(came(DEPLOYMENT))) == []
    assert list(told.judged(came(NIGHTLY.replace("nightly:1", "nightly:latest")))) == [
        "there `mlgen validate` finds only warnings: untagged-image"
    ]


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


@pytest.mark.parametrize(
    "text", [DEPLOYMENT, TRAINING, NIGHTLY, OPERATORS], ids=["deployment", "training", "nightly", "operators"]
)
@pytest.mark.parametrize("number", range(len(ODD)))
def test_nothing_odd_is_a_traceback(text: str, number: int) -> None:
    everything = [source.body.plain() for source in read(text)]
    for seed, odd in enumerate(other for plain in everything for other in with_odd(plain, ODD[number])):
        if seed % 13 == number % 13:  # each place meets something odd, none meets everything
            text = json.dumps(odd)
            if found := read(text):
                assert imported("odd", {"dev": found}).text


def test_more_than_one_project_can_have_is_refused_with_a_count() -> None:
    many = "---".join(NIGHTLY.replace("{name: nightly}", f"{{name: n{number}}}") for number in range(101))
    with pytest.raises(MlgenError, match="a project has at most 100 `workloads`, and here would be 101"):
        came(many)


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
    """Every one imports, at least 80 of 100 come back with all they say, each of the others names what it lost.

    Of these are workloads, patched or not, at least 40; what a runtime of the cluster serves stays whole.
    """
    count, same, words, silent = 0, 0, 0, []
    for file in upstream():
        found = read((SAMPLES / file).read_bytes())
        if not any(source.kind in KINDS for source in found):
            continue
        for each in proven(imported(name(found[0].name), {"dev": found})):
            if each.part.source.kind in KINDS:
                count += 1
                lost = any(note.lost for note in each.part.notes)
                equal = each.built is not None and not each.missing and not lost
                same += equal
                words += equal and each.part.form is not None
                if each.built is None:
                    silent.append(f"{file}: {each.part.source.title}")
    assert not silent
    assert count >= 100
    assert same >= 0.8 * count
    assert words >= 0.4 * count


def test_every_form_is_of_a_kind_that_is_listed() -> None:
    assert {kind for _, kind in FORMS} <= KINDS
