"""What a change does to what runs: how much starts, what is killed, what it takes of the quota."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.commands.diff_test import committed, edit, git
from tests.terminal import BASE, HEAD, mlgen, repository

DEV = (
    HEAD.format("Environment", "dev")
    + """\
registry: {host: registry.example.com}
podSecurity: baseline
protected: false
platform: {tensorflow: kubeflow-training-1.9, spark: spark-operator-2.5}
gpus: {a100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: a100}, total: 16}}
quota: {cpu: 64, memory: 256Gi, gpu: {a100: 8}}
domain: example.com
network: {ingress: {class: nginx}}
"""
)
SPEC = """\
owner: team
image: demo:1.0
workloads:
  train: {kind: tensorflow, workers: 4, command: [train, -e, one], resources: {cpu: 8, memory: 32Gi, gpu: {a100: 1}}}
  small: {kind: job, args: [one], resources: {cpu: 2, memory: 512Mi}}
  etl: {kind: spark, main: "local:///x.py", args: [one], executors: {count: 2, cpu: 2, memory: 8Gi}}
  nightly: {kind: job, schedule: "0 2 * * *", args: [one]}
  serve: {kind: serving, server: custom, args: [one], host: demo, replicas: {min: 2}}
environments: {dev: {}}
"""
RELEASES = "apiVersion: mlgen.dev/v1\nkind: Releases\nenvironments: {dev: {runs: {small: first}}}\n"
PROJECT, OFFER = "projects/demo/mlgen.yaml", "environments/dev.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "environments/base.yaml": BASE,
        OFFER: DEV,
        PROJECT: HEAD.format("Project", "demo") + SPEC,
        "projects/demo/releases.yaml": RELEASES,
    }
    folder = repository(tmp_path / "platform", files)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    committed(folder)
    assert mlgen(folder, "validate").code == 0, mlgen(folder, "validate").out
    return folder


def difference(root: Path) -> dict[str, Any]:
    """The one difference, its hashes hidden."""
    done = mlgen(root, "diff", "--format", "json")
    [one] = json.loads(re.sub(r"-[0-9a-f]{10}\b", "-HASH", done.out))["differences"]
    assert isinstance(one, dict)
    return one


def risks(root: Path) -> list[tuple[str, str, str]]:
    found = [(risk["level"], risk["rule"], risk["text"]) for risk in difference(root)["risks"]]
    return [risk for risk in found if risk[1] != "no-digest"]


@pytest.mark.parametrize(
    ("workload", "text", "follow"),
    [
        (
            "train: {kind: tensorflow, workers: 4, command: [train, -e, ",
            "starts a new training run (4 x a100): TFJob/train-HASH, in place of train-HASH",
            "-l training.kubeflow.org/job-name=train-HASH,training.kubeflow.org/job-role=master",
        ),
        (
            "small: {kind: job, args: [",
            "starts a new run (1 pod, 2 CPU, 512Mi): Job/small-HASH, in place of small-HASH",
            "job/small-HASH",
        ),
        (
            'etl: {kind: spark, main: "local:///x.py", args: [',
            "starts a new run (3 pods, 5 CPU, 18Gi): SparkApplication/etl-HASH, in place of etl-HASH",
            "etl-HASH-driver",
        ),
    ],
    ids=["tensorflow", "job", "spark"],
)
def test_a_new_run_says_what_it_takes_and_how_to_follow_it(root: Path, workload: str, text: str, follow: str) -> None:
    edit(root, PROJECT, f"{workload}one]", f"{workload}two]")
    [risk] = [risk for risk in difference(root)["risks"] if risk["rule"] == "starts-run"]
    assert (risk["level"], risk["text"]) == ("warning", text)
    assert risk["help"] == f"kubectl logs -n ml-demo-dev --follow {follow}"


def test_a_run_that_is_asked_for_again_is_a_new_run(root: Path) -> None:
    edit(root, "projects/demo/releases.yaml", "first", "once more")
    assert risks(root) == [
        (
            "warning",
            "starts-run",
            "starts the same run again (1 pod, 2 CPU, 512Mi): Job/small-HASH, in place of small-HASH",
        )
    ]


def test_what_is_asked_for_before_and_after_of_the_quota_and_of_all(root: Path) -> None:
    edit(root, PROJECT, "workers: 4", "workers: 6")
    assert [risk for risk in risks(root) if risk[1] == "changes-demand"] == [
        ("warning", "changes-demand", "a100 GPUs: 4 -> 6, of 8 in the quota and 16 in all"),
        ("note", "changes-demand", "CPU: 40.5 -> 56.5, of 64 in the quota"),
        ("note", "changes-demand", "memory: 149.5Gi -> 213.5Gi, of 256Gi in the quota"),
    ]
    assert difference(root)["demand"] == [
        {"resource": "cpu", "gpu": False, "before": "40.5", "after": "56.5", "quota": "64", "total": None},
        {"resource": "memory", "gpu": False, "before": "149.5Gi", "after": "213.5Gi", "quota": "256Gi", "total": None},
        {"resource": "a100", "gpu": True, "before": "4", "after": "6", "quota": "8", "total": "16"},
    ]


def test_fewer_are_only_a_note(root: Path) -> None:
    edit(root, PROJECT, "workers: 4", "workers: 2")
    assert {risk[0] for risk in risks(root) if risk[1] == "changes-demand"} == {"note"}


def test_a_rollout_and_what_it_takes_meanwhile(root: Path) -> None:
    edit(root, PROJECT, "server: custom, args: [one]", "server: custom, args: [two]")
    assert risks(root) == [
        ("warning", "rolls", "rolls Deployment/serve: 2 pods, 1 more meanwhile (0.5 CPU, 1Gi)"),
    ]


def test_a_protected_environment_is_marked(root: Path) -> None:
    edit(root, OFFER, "protected: false", "protected: true")
    digest = "@sha256:" + "0123456789abcdef" * 4
    edit(root, PROJECT, "image: demo:1.0", f'image: "demo:1.0{digest}"')
    committed(root)
    edit(root, PROJECT, "server: custom, args: [one]", "server: custom, args: [two]")
    assert mlgen(root, "diff").out.startswith("demo in dev, which is protected: 1 changed\n")
    page = mlgen(root, "diff", "--format", "markdown").out
    assert "* `demo` in `dev`, which is protected: 1 changed" in page
    assert "`: `demo in dev, which is protected`" in page
    assert difference(root)["protected"] is True


# ---- history ----------------------------------------------------------------------------------------------------


def test_a_run_that_is_kept_stays_when_another_takes_its_place(root: Path) -> None:
    edit(root, PROJECT, "kind: job, args: [one]", "kind: job, args: [two]")
    assert not [risk for risk in risks(root) if risk[0] == "danger"]


def test_a_run_that_is_not_kept_is_killed_by_the_next(root: Path) -> None:
    edit(root, OFFER, "protected: false", "history: prune")
    committed(root)
    edit(root, PROJECT, "kind: job, args: [one]", "kind: job, args: [two]")
    assert risks(root)[0] == (
        "danger",
        "deletes-run",
        "deletes Job/small-HASH and its logs, and kills it if it still runs",
    )


def test_a_run_whose_workload_goes_stays_or_is_killed(root: Path) -> None:
    small = "  small: {kind: job, args: [one], resources: {cpu: 2, memory: 512Mi}}\n"
    edit(root, PROJECT, small, "")
    edit(root, "projects/demo/releases.yaml", "{runs: {small: first}}", "{}")
    left = [risk for risk in risks(root) if "Job/small-" in risk[2]]
    assert [(level, rule) for level, rule, _ in left] == [("note", "left-behind")]
    git(root, "checkout", "--quiet", ".")
    edit(root, OFFER, "protected: false", "history: prune")
    committed(root)
    edit(root, PROJECT, small, "")
    edit(root, "projects/demo/releases.yaml", "{runs: {small: first}}", "{}")
    assert ("danger", "deletes-run") in {(level, rule) for level, rule, _ in risks(root)}


def test_an_environment_that_begins_to_prune(root: Path) -> None:
    """No run starts again by it."""
    edit(root, OFFER, "protected: false", "history: prune")
    found = risks(root)
    assert {rule for _, rule, _ in found} == {"run-unkept"}
    assert [text for _, _, text in found if "Job/small" in text] == [
        "Job/small-HASH is deleted from now on once it is rendered no more"
    ]


def test_a_schedule_that_goes_and_one_that_changes(root: Path) -> None:
    line = '  nightly: {kind: job, schedule: "0 2 * * *", args: [one]}\n'
    edit(root, PROJECT, line, line.replace("0 2", "0 3"))
    assert ("note", "next-run", "CronJob/nightly runs otherwise from its next time on") in risks(root)
    edit(root, PROJECT, line.replace("0 2", "0 3"), "")
    assert ("warning", "deletes-schedule", "deletes CronJob/nightly: it runs no more") in risks(root)


def test_a_host_that_leads_here_no_more(root: Path) -> None:
    edit(root, PROJECT, "host: demo", "host: other")
    assert risks(root) == [("warning", "host-gone", "Ingress/serve answers to demo.example.com no more")]
