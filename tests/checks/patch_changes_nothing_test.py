"""Patches that change nothing: which are told of, where, and which have their reason in another environment."""

import pytest
from tests.small import PRACTICE, refused

from mlgen import engine
from mlgen.platform import load
from mlgen.problem import Problem, in_order

ENVIRONMENT = "registry: {host: registry.example.com}\n"
SERVE = "image: demo:1.0\nworkloads:\n  serve:\n    kind: serving\n    server: custom\n    patches:\n"
TRAIN = "image: demo:1.0\nworkloads:\n  train:\n    kind: %s\n    patches:\n"


def found(spec: str, environment: str = ENVIRONMENT) -> list[tuple[int, str]]:
    """The lines that warnings are about, and what they say of them."""
    here = refused(spec, environment)
    assert {(problem.rule, problem.severity) for problem in here} <= {("patch-changes-nothing", "warning")}
    return [(problem.span.line, problem.message) for problem in here]


def so(name: str) -> str:
    return f"this changes nothing in `dev`: `{name}` is so without it"


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ("{kind: Deployment, name: serve}", "this patch says nothing that could change anything in `dev`"),
        ("{kind: Deployment, spec: {revisionHistoryLimit: 3}}", so("revisionHistoryLimit")),
        ("{kind: Deployment, spec: {}}", so("spec")),
        ("{kind: Deployment, spec: {paused: null}}", "there is no `paused` to take away in `dev`"),
        (
            "{kind: Deployment, spec: {template: {spec: {containers: [{name: server}]}}}}",
            "this patch says nothing that could change anything in `dev`",
        ),
        (
            "{kind: Deployment, spec: {template: {spec: {containers: [{name: server, ports: [{name: http}]}]}}}}",
            "this patch says nothing that could change anything in `dev`",
        ),
    ],
)
def test_a_patch_that_changes_nothing_is_told_of(patch: str, message: str) -> None:
    assert found(f"{SERVE}    - {patch}\n") == [(11, message)]


@pytest.mark.parametrize(
    "patch",
    [
        "{kind: Deployment, spec: {minReadySeconds: 30}}",
        "{kind: Deployment, spec: {revisionHistoryLimit: null}}",
        "{kind: Deployment, spec: {template: {spec: {containers: [{name: server, tty: true}]}}}}",
        "{kind: Deployment, spec: {template: {spec: {containers: [{name: logs, image: 'r.example/logs:1'}]}}}}",
        "{kind: Deployment, metadata: {annotations: {a: b}}}",
    ],
    ids=["a value", "taken away", "a container", "a new container", "what is new"],
)
def test_a_patch_that_changes_something_is_not(patch: str) -> None:
    assert found(f"{SERVE}    - {patch}\n") == []


def test_each_part_that_changes_nothing_is_told_of_by_itself() -> None:
    patch = "    - kind: Deployment\n      spec:\n        revisionHistoryLimit: 3\n        minReadySeconds: 30\n"
    more = "        paused: null\n        strategy: {type: RollingUpdate}\n"
    assert found(SERVE + patch + more) == [
        (13, "this changes nothing in `dev`: `revisionHistoryLimit` is so without it"),
        (15, "there is no `paused` to take away in `dev`"),
        (16, "this changes nothing in `dev`: `type` is so without it"),
    ]


def test_a_run_has_its_patches_in_its_name_and_is_told_of_like_all_others() -> None:
    spec = TRAIN % "job"
    assert found(f"{spec}    - {{kind: Job, spec: {{backoffLimit: 2}}}}\n") == [(10, so("backoffLimit"))]
    assert found(f"{spec}    - {{kind: Job, spec: {{backoffLimit: 3}}}}\n") == []


def test_what_an_earlier_patch_says_is_said() -> None:
    """Only the second of two alike is told of: without both, something would be different."""
    patch = "    - {kind: Deployment, spec: {minReadySeconds: 30}}\n"
    assert found(SERVE + 2 * patch) == [(12, so("minReadySeconds"))]


def test_a_patch_of_several_objects_changes_something_if_it_changes_one() -> None:
    spec = "    kind: spark\n    main: local:///a.py\n    executors: {count: 1}\n    patches:\n"
    patch = "    - {kind: ServiceAccount, automountServiceAccountToken: false}\n"
    environment = f"{ENVIRONMENT}platform: {{spark: spark-operator-2.5}}\n"
    text = f"image: demo:1.0\nworkloads:\n  etl:\n{spec}"
    assert found(text + patch, environment) == []  # the driver's; the executors' is so already
    only = patch.replace("ServiceAccount,", "ServiceAccount, name: etl-executor,")
    assert found(text + only, environment) == [(12, so("automountServiceAccountToken"))]


def in_two(patch: str) -> list[Problem]:
    """What is said of a server that runs in `dev` and in `qa`, where three replicas are the least."""
    head = "apiVersion: mlgen.dev/v1\nkind: %s\nname: %s\n"
    spec = f"{SERVE}    - {patch}\n    replicas: {{max: 9}}\nenvironments: {{dev: {{}}, qa: {{}}}}\n"
    files = {
        "environments/base.yaml": head % ("Environment", "base") + ENVIRONMENT,
        "environments/dev.yaml": head % ("Environment", "dev"),
        "environments/qa.yaml": head % ("Environment", "qa") + "defaults: {serving: {replicas: {min: 3}}}\n",
        "projects/demo/mlgen.yaml": head % ("Project", "demo") + "owner: team\n" + spec,
    }
    found = engine.check(load({path: text.encode() for path, text in files.items()}), ["demo"])
    return in_order(problem for problem in found if problem.rule not in PRACTICE)


def test_what_changes_something_in_one_environment_has_its_reason_there() -> None:
    """A project's patch is for all of its environments, and their defaults differ."""
    least = "{kind: HorizontalPodAutoscaler, spec: {minReplicas: 3%s}}"
    assert in_two(least % "") == []
    assert in_two(least % ", maxReplicas: 10") == []
    [problem] = in_two(least % ", maxReplicas: 9")
    assert problem.message == "this changes nothing in `dev` and `qa`: `maxReplicas` is so without it"


def test_an_environments_own_patch_is_held_against_what_it_would_be_there() -> None:
    text = f"{SERVE}    - {{kind: Deployment, spec: {{minReadySeconds: 30}}}}\n"
    own = "environments: {dev: {workloads: {serve: {patches: [{kind: Deployment, spec: {minReadySeconds: 0}}]}}}}\n"
    assert found(text + own) == []
