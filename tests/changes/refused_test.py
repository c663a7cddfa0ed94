"""What cannot be changed: a problem where it is written, with the way out, in every format; and changed runs."""

import json
from pathlib import Path

import pytest
from tests.commands.diff_test import committed, git
from tests.terminal import BASE, HEAD, Done, mlgen, repository

DEV = HEAD.format("Environment", "dev") + "registry: {host: registry.example.com}\n"
LAB = """\
owner: team
image: lab:1.0
workloads:
  lab: {kind: notebook, users: [anna], home: {size: 20Gi}}
environments: {dev: {}}
"""
SOUND = """\
          automountServiceAccountToken: false
          restartPolicy: Never
          securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
"""
CONTAINER = """\
            - name: NAME
              image: registry.example.com/tune:1.0
              args: [--epochs=20]
              resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
"""
JOB = f"""\
  - apiVersion: batch/v1
    kind: Job
    metadata: {{name: tune}}
    spec:
      template:
        spec:
{SOUND}          containers:
{CONTAINER.replace("NAME", "main")}"""
TFJOB = f"""\
  - apiVersion: kubeflow.org/v1
    kind: TFJob
    metadata: {{name: tune}}
    spec:
      runPolicy: {{cleanPodPolicy: Running, backoffLimit: 1, activeDeadlineSeconds: 9000}}
      tfReplicaSpecs:
        Worker:
          replicas: 1
          restartPolicy: Never
          template:
            spec:
{SOUND.replace("          ", "              ")}              containers:
{CONTAINER.replace("NAME", "tensorflow").replace("            ", "                ")}"""
EXPERIMENT = f"""\
  - apiVersion: kubeflow.org/v1beta1
    kind: Experiment
    metadata: {{name: tune}}
    spec:
      objective: {{type: maximize, objectiveMetricName: accuracy}}
      algorithm: {{algorithmName: grid}}
      maxTrialCount: 2
      parameters: [{{name: rate, parameterType: discrete, feasibleSpace: {{list: ["0.1", "0.5"]}}}}]
      trialTemplate:
        primaryContainerName: main
        trialParameters: [{{name: rate, reference: rate}}]
        trialSpec:
          apiVersion: batch/v1
          kind: Job
          spec:
            template:
              metadata: {{annotations: {{rate: "${{trialParameters.rate}}"}}}}
              spec:
{SOUND.replace("          ", "                ")}                containers:
{CONTAINER.replace("NAME", "main").replace("            ", "                  ")}"""
BINDING = """\
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: reader}
    rules: [{apiGroups: [""], resources: [configmaps], verbs: [get]}]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: lister}
    rules: [{apiGroups: [""], resources: [configmaps], verbs: [list]}]
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: reads}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
    subjects: [{kind: ServiceAccount, name: reads}]
  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: reads}, automountServiceAccountToken: false}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "environments/base.yaml": BASE,
        "environments/dev.yaml": DEV + "platform: {tensorflow: kubeflow-training-1.9}\n",
        "projects/lab/mlgen.yaml": HEAD.format("Project", "lab") + LAB,
    }
    folder = repository(tmp_path / "platform", files)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    committed(folder)
    return folder


def changed(root: Path, old: str, new: str, manifests: str = "") -> Path:
    """The project with ``manifests`` committed, and then with ``new`` in the place of ``old``."""
    spec = root / "projects" / "lab" / "mlgen.yaml"
    text = spec.read_text("utf-8") + (f"manifests:\n{manifests}" if manifests else "")
    assert old in text
    spec.write_text(text, "utf-8")
    assert mlgen(root, "validate").code == 0, mlgen(root, "validate").out
    if git(root, "status", "--porcelain"):
        committed(root)
    spec.write_text(text.replace(old, new), "utf-8")
    return root


def found(done: Done) -> list[tuple[str, str]]:
    """The problems, and the line that each stands on."""
    document = json.loads(done.out)
    return [(problem["rule"], f"{problem['file']}:{problem['line']}") for problem in document["problems"]]


def test_a_smaller_home_in_every_format(root: Path) -> None:
    changed(root, "size: 20Gi", "size: 10Gi")
    done = mlgen(root, "diff")
    assert done.code == 1
    assert done.err == (
        "error[immutable-change]: PersistentVolumeClaim/lab-anna-home in `dev`: a claim cannot become smaller: "
        "it was `20Gi`\n"
        " --> projects/lab/mlgen.yaml:7:53\n"
        "  |\n"
        "6 | workloads:\n"
        "7 |   lab: {kind: notebook, users: [anna], home: {size: 10Gi}}\n"
        "  |                                                     ^^^^\n"
        "  |\n"
        "  = help: make another claim and copy the data; or run `kubectl delete "
        "persistentvolumeclaim/lab-anna-home` just before this is merged, and it is made anew: what it holds is lost, "
        "unless its volume is retained\n"
        "\n"
        "Found 1 error.\n"
        "Explain a rule with: mlgen rule RULE\n"
    )
    assert "!! PersistentVolumeClaim/lab-anna-home: a claim cannot become smaller" in done.out
    assert "       make another claim and copy the data; or run `kubectl delete -n ml-lab-dev " in done.out
    document = mlgen(root, "diff", "--format", "json")
    assert document.code == 1
    assert found(document) == [("immutable-change", "projects/lab/mlgen.yaml:7")]
    [risk] = [one for one in json.loads(document.out)["differences"][0]["risks"] if one["rule"] == "immutable-change"]
    assert risk["level"] == "danger"
    assert "kubectl delete" in risk["help"]
    page = mlgen(root, "diff", "--format", "markdown")
    assert page.code == 1
    assert "🔴" in page.out
    assert "kubectl delete" in page.out


@pytest.mark.parametrize(
    ("manifests", "old", "new", "rule", "words"),
    [
        (JOB, "--epochs=20", "--epochs=21", "immutable-change", "is killed if it still runs"),
        (TFJOB, "--epochs=20", "--epochs=21", "changed-run", "its operator takes no notice"),
        (EXPERIMENT, "--epochs=20", "--epochs=21", "changed-run", "the API server refuses it"),
        (BINDING, "name: reader}\n    subj", "name: lister}\n    subj", "immutable-change", "no rights meanwhile"),
    ],
    ids=["Job", "TFJob", "Experiment", "RoleBinding"],
)
def test_objects_that_a_project_names_itself(
    root: Path, manifests: str, old: str, new: str, rule: str, words: str
) -> None:
    changed(root, old, new, manifests)
    done = mlgen(root, "diff", "--format", "json")
    assert done.code == 1
    [(name, _)] = found(done)
    assert name == rule
    text = mlgen(root, "diff")
    assert words in text.out
    assert words in text.err


def test_another_name_is_the_way_out(root: Path) -> None:
    changed(root, "name: tune", "name: tune-2", TFJOB)
    done = mlgen(root, "diff", "--format", "json")
    assert (done.code, found(done)) == (0, [])


def test_a_run_may_be_suspended(root: Path) -> None:
    changed(root, "activeDeadlineSeconds: 9000}", "activeDeadlineSeconds: 9000, suspend: true}", TFJOB)
    done = mlgen(root, "diff", "--format", "json")
    assert (done.code, found(done)) == (0, [])


def test_a_sweep_may_get_more_trials(root: Path) -> None:
    changed(root, "maxTrialCount: 2", "maxTrialCount: 4", EXPERIMENT)
    done = mlgen(root, "diff", "--format", "json")
    assert (done.code, found(done)) == (0, [])


def test_the_same_in_several_environments_is_one_problem(root: Path) -> None:
    repository(root, {"environments/prod.yaml": DEV.replace("name: dev", "name: prod")})
    spec = root / "projects" / "lab" / "mlgen.yaml"
    spec.write_text(spec.read_text("utf-8").replace("{dev: {}}", "{dev: {}, prod: {}}"), "utf-8")
    changed(root, "size: 20Gi", "size: 10Gi")
    [problem] = json.loads(mlgen(root, "diff", "--format", "json").out)["problems"]
    assert "`dev` and `prod`" in problem["message"]


def test_check_since_a_revision_says_it_too(root: Path) -> None:
    """Where the change is asked about, and nowhere else: what is rendered is up to date in both."""
    changed(root, "size: 20Gi", "size: 10Gi")
    assert mlgen(root, "render").code == 0
    assert mlgen(root, "check").code == 0
    done = mlgen(root, "check", "--since", "HEAD", "--format", "json")
    assert (done.code, found(done)) == (1, [("immutable-change", "projects/lab/mlgen.yaml:7")])


def test_a_run_under_its_old_name_is_found_by_check_too(root: Path) -> None:
    changed(root, "--epochs=20", "--epochs=21", TFJOB)
    assert mlgen(root, "render").code == 0
    done = mlgen(root, "check", "--since", "HEAD", "--format", "json")
    assert (done.code, [rule for rule, _ in found(done)]) == (1, ["changed-run"])
