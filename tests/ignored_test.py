"""Who knows better than a rule says why, in an environment, a workload or an object; what helps nobody is reported."""

from tests.small import built, place, problems

from mlgen import engine
from mlgen.gathered import Setting
from mlgen.linted import lint
from mlgen.platform import load
from mlgen.problem import Problem, in_order

ENVIRONMENT = """\
registry: {host: registry.example.com}
podSecurity: privileged
gpus:
  a100: {resource: nvidia.com/gpu}
"""
TRAIN = """\
image: demo:1.0
workloads:
  train:
    kind: job
    retries: 5
    resources: {gpu: {a100: 1}}
"""
WHY = "The model is trained anew in a minute."
IGNORE = f"ignore: {{no-checkpoint: {WHY}}}\n"


def rules(found: list[Problem]) -> list[str]:
    return [problem.rule for problem in found]


def test_a_workload_says_why() -> None:
    assert rules(problems(TRAIN, ENVIRONMENT)) == ["no-checkpoint"]
    assert problems(f"{TRAIN}    {IGNORE}", ENVIRONMENT) == []


def test_an_environment_says_why() -> None:
    assert problems(TRAIN, ENVIRONMENT + IGNORE) == []


def test_what_an_environment_changes_of_a_workload_says_why() -> None:
    override = f"environments: {{dev: {{workloads: {{train: {{{IGNORE.strip()}}}}}}}}}\n"
    assert problems(TRAIN + override, ENVIRONMENT) == []


def test_another_workload_has_said_nothing() -> None:
    other = "  other: {kind: job, retries: 5, resources: {gpu: {a100: 1}}}\n"
    assert rules(problems(f"{TRAIN}    {IGNORE}{other}", ENVIRONMENT)) == ["no-checkpoint"]


def test_an_object_says_why() -> None:
    note = f'    patches: [{{kind: Job, metadata: {{annotations: {{mlgen.dev/ignore.no-checkpoint: "{WHY}"}}}}}}]\n'
    assert problems(TRAIN + note, ENVIRONMENT) == []


def test_a_run_keeps_its_name() -> None:
    with_reason = {manifest.ref for manifest in place(f"{TRAIN}    {IGNORE}", ENVIRONMENT).manifests}
    assert with_reason == {manifest.ref for manifest in place(TRAIN, ENVIRONMENT).manifests}


def test_what_ignores_nothing_is_reported_at_its_place() -> None:
    spec = TRAIN.replace("gpu: {a100: 1}", "cpu: 2")
    (found,) = problems(f"{spec}    {IGNORE}", ENVIRONMENT)
    assert (found.rule, found.severity, found.span.file, found.span.line) == (
        "unused-ignore",
        "warning",
        "projects/demo/mlgen.yaml",
        11,
    )


def test_what_helps_in_one_environment_is_of_use() -> None:
    head = "apiVersion: mlgen.dev/v1\nkind: {}\nname: {}\n"
    files = {f"environments/{name}.yaml": head.format("Environment", name) + ENVIRONMENT for name in ("dev", "prod")}
    small = "environments: {dev: {workloads: {train: {resources: {gpu: null}}}}, prod: {}}\n"
    files["projects/demo/mlgen.yaml"] = head.format("Project", "demo") + f"owner: ml\n{TRAIN}    {IGNORE}{small}"
    platform = load({path: text.encode() for path, text in files.items()})
    assert in_order(engine.check(platform, ["demo"])) == []


def test_of_an_environment_nothing_is_said_while_a_project_was_not_looked_at() -> None:
    head = "apiVersion: mlgen.dev/v1\nkind: {}\nname: {}\n"
    files = {"environments/dev.yaml": head.format("Environment", "dev") + ENVIRONMENT + IGNORE}
    for name, spec in (("demo", TRAIN), ("small", TRAIN.replace("gpu: {a100: 1}", "cpu: 2"))):
        text = head.format("Project", name) + f"owner: ml\n{spec}environments: {{dev: {{}}}}\n"
        files[f"projects/{name}/mlgen.yaml"] = text
    platform = load({path: text.encode() for path, text in files.items()})
    assert in_order(engine.check(platform, ["small"])) == []
    assert in_order(engine.check(platform, ["small", "demo"])) == []


def test_a_variable_that_only_sounds_secret_says_why() -> None:
    spec = "image: demo:1.0\nworkloads:\n  work:\n    kind: job\n    env: {SESSION_TOKEN: demo-mode}\n"
    (found,) = problems(spec, ENVIRONMENT)
    assert (found.rule, found.span.line) == ("secret-value", 9), "once, where it is written"
    reason = "    ignore: {secret-value: It is the name of a mode.}\n"
    assert problems(spec + reason, ENVIRONMENT) == []


def test_an_untagged_image_says_why_and_is_told_once() -> None:
    spec = "image: demo\nworkloads:\n  work:\n    kind: job\n"
    assert rules(problems(spec, ENVIRONMENT)) == ["untagged-image"]
    assert problems(f"{spec}    ignore: {{untagged-image: It is built each night.}}\n", ENVIRONMENT) == []


def test_what_must_be_pinned_is_told_once() -> None:
    spec = "image: demo\nworkloads:\n  work:\n    kind: job\n"
    assert rules(problems(spec, f"{ENVIRONMENT}protected: true\n")) == ["unpinned-image"]


def test_nothing_else_is_hidden_by_an_annotation() -> None:
    pod = f"""\
apiVersion: v1
kind: Pod
metadata: {{name: agent, annotations: {{mlgen.dev/ignore.host-namespace: "{WHY}"}}}}
spec:
  hostPID: true
  hostIPC: true
  containers: [{{name: main, image: "ghcr.io/acme/agent:1.0", securityContext: {{privileged: true}}}}]
"""
    found = rules(lint({"agent.yaml": pod.encode()}, Setting("1.34")).problems)
    assert "host-namespace" not in found
    assert "privileged-container" in found
    assert "unused-ignore" not in found


def test_what_is_ignored_is_built_all_the_same() -> None:
    assert any(name.startswith("Job/train") for name in built(f"{TRAIN}    {IGNORE}", ENVIRONMENT))
