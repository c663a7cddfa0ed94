"""`mlgen lint`: which files it takes for manifests, for which cluster, and what it says of them."""

import io
import json
import os
import pickle
import re
import sys
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from tests.bench import corpus
from tests.conftest import ROOT
from tests.terminal import Done, mlgen, repository, shell

from mlgen.commands import completion, shares
from mlgen.commands import surroundings as command
from mlgen.examined import examine
from mlgen.gathered import Setting
from mlgen.kubernetes.bundle import MINORS

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n"
FINE = CONFIG.format("fine")
WRONG = FINE + "data: {port: 80}\n"
REPORT = """\
error[kubernetes-wrong-type]: `data.port` must be text, not the number `80`
 --> deploy/wrong.yaml:5:14
  |
4 |   name: fine
5 | data: {port: 80}
  |              ^^
  |
  = help: write it in quotes

Found 1 error.
Explain a rule with: mlgen rule RULE
"""
TEMPLATE = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n{{- with .Values.data }}\n"


def written(root: Path, **files: str) -> Path:
    return repository(root, {path.replace("__", "/") + ".yaml": text for path, text in files.items()})


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    written(tmp_path, deploy__fine=FINE, deploy__inner__more=f"{FINE}---\n{FINE}")
    (tmp_path / "deploy" / "one.json").write_text(
        '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}'
    )
    (tmp_path / "deploy" / "README.md").write_text("not this")
    said = "4 objects in 3 files checked for Kubernetes 1.35, nothing wrong\n"
    assert mlgen(tmp_path, "lint", "deploy") == Done(0, "", said)


def test_what_is_wrong_has_its_line_in_that_file(tmp_path: Path) -> None:
    written(tmp_path, deploy__wrong=WRONG, deploy__fine=FINE)
    said = "2 objects in 2 files checked for Kubernetes 1.35\n"
    assert mlgen(tmp_path, "lint", "deploy") == Done(1, REPORT, said)
    assert mlgen(tmp_path, "lint", "deploy/fine.yaml").code == 0


def test_a_whole_path_below_here_is_said_from_here(tmp_path: Path) -> None:
    written(tmp_path, deploy__wrong=WRONG)
    assert mlgen(tmp_path, "lint", str(tmp_path / "deploy"), "./deploy/../deploy/wrong.yaml").out == REPORT
    elsewhere = mlgen(tmp_path / "deploy", "lint", "..", "--format", "concise")
    assert elsewhere.out.startswith("../deploy/wrong.yaml:5:14: error[")


def test_a_list_is_its_items(tmp_path: Path) -> None:
    item = "- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  data: {port: 80}\n"
    typed = "- metadata: {name: a}\n- metadata: {name: b}\n  data: {port: 80}\n"
    written(tmp_path, list=f"apiVersion: v1\nkind: List\nitems:\n{item}")
    written(tmp_path, typed=f"apiVersion: v1\nkind: ConfigMapList\nitems:\n{typed}")
    done = mlgen(tmp_path, "lint", ".", "--format", "concise")
    assert [line.split(" ")[0] for line in done.out.splitlines()] == ["list.yaml:7:16:", "typed.yaml:6:16:"]
    assert done.err == "4 objects in 2 files checked for Kubernetes 1.35\n"


def test_the_standard_input_is_a_file_too(tmp_path: Path) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(f"{FINE}---\n{WRONG}".encode()))
    with mock.patch.object(sys, "stdin", stdin):
        done = mlgen(tmp_path, "lint", "-", "--format", "concise")
    assert (done.code, done.out.split(" ")[0]) == (1, "<stdin>:10:14:")


def test_a_pipe_may_be_named(tmp_path: Path) -> None:
    done = shell(tmp_path, f"mlgen lint <(printf '{FINE}') --format concise".replace("\n", "\\n"))
    assert done == Done(0, "", "1 object in 1 file checked for Kubernetes 1.35, nothing wrong\n")


def test_what_is_no_manifest_is_passed_over_in_a_folder(tmp_path: Path) -> None:
    written(tmp_path, fine=FINE, values="replicas: 3\n", ci="- script: make\n", chart="apiVersion: v2\nname: x\n")
    written(tmp_path, templated=TEMPLATE, broken="a: [\n", empty="# nothing\n", _hidden="x: 1\n")
    repository(tmp_path, {".git/odd.yaml": WRONG, "chart/Chart.yaml": "name: x\n", "chart/templates/a.yaml": TEMPLATE})
    done = mlgen(tmp_path, "lint", ".")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [
        "1 object in 1 file checked for Kubernetes 1.35, nothing wrong",
        "8 files passed over, no manifests: _hidden.yaml, broken.yaml, chart.yaml, and 5 more",
    ]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("replicas: 3\n", "not-an-object"),
        ("- script: make\n", "not-an-object"),
        (TEMPLATE, "bare-template"),
        ("a: [\n", "yaml-syntax"),
        ("apiVersion: mlgen.dev/v1\nkind: Project\nname: x\n", "not-an-object"),
        ("kind: ConfigMap\nmetadata: {name: a}\n", "kubernetes-missing-field"),
    ],
)
def test_what_is_no_manifest_is_wrong_where_it_was_named(text: str, rule: str, tmp_path: Path) -> None:
    written(tmp_path, odd=text)
    done = mlgen(tmp_path, "lint", "odd.yaml", "--format", "concise")
    assert (done.code, set(re.findall(r"error\[(.*?)\]", done.out))) == (1, {rule})


def test_a_manifest_that_is_broken_is_never_passed_over(tmp_path: Path) -> None:
    written(tmp_path, broken=FINE + "data: [\n", halved=FINE.replace("apiVersion: v1\n", ""))
    done = mlgen(tmp_path, "lint", ".", "--format", "concise")
    assert re.findall(r"(\w+).yaml.*?\[(.*?)\]", done.out) == [
        ("broken", "yaml-syntax"),
        ("halved", "kubernetes-missing-field"),
    ]


def test_patches_and_settings_of_a_kustomization_are_no_objects(tmp_path: Path) -> None:
    kustomization = (
        "resources: [fine.yaml]\npatches: [{path: patches/p.yaml}]\nconfigMapGenerator:\n- files: [k=v.json]\n"
    )
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 2}\n"
    written(tmp_path, prod__kustomization=kustomization, prod__fine=FINE, prod__patches__p=patch)
    (tmp_path / "prod" / "v.json").write_text('{"apiVersion": "v1", "kind": "Odd"}')
    over = "prod/kustomization.yaml, prod/patches/p.yaml, prod/v.json"
    assert mlgen(tmp_path, "lint", "prod") == Done(
        0,
        "",
        f"1 object in 1 file checked for Kubernetes 1.35, nothing wrong\n3 files passed over, no manifests: {over}\n",
    )
    named = mlgen(tmp_path, "lint", "prod/patches/p.yaml", "prod/fine.yaml")
    assert (named.code, named.err.splitlines()[1:]) == (0, ["1 file passed over, no manifests: prod/patches/p.yaml"])


def test_nothing_to_check_is_no_success(tmp_path: Path) -> None:
    written(tmp_path, values="replicas: 3\n")
    (tmp_path / "none").mkdir()
    assert mlgen(tmp_path, "lint", "none") == Done(2, "", "mlgen: there is no manifest to check\n")
    assert mlgen(tmp_path, "lint", ".").err == "mlgen: there is no manifest to check: passed over: values.yaml\n"
    assert mlgen(tmp_path, "lint", "odd") == Done(2, "", "mlgen: there is no file odd\n")


def test_the_version_of_kubernetes(tmp_path: Path) -> None:
    budget = (
        "apiVersion: {}\nkind: FlowSchema\nmetadata: {{name: a}}\nspec: {{priorityLevelConfiguration: {{name: a}}}}\n"
    )
    written(tmp_path, old=budget.format("flowcontrol.apiserver.k8s.io/v1beta3"))
    assert mlgen(tmp_path, "lint", "old.yaml", "--kubernetes", "1.31").code == 0
    assert mlgen(tmp_path, "lint", "old.yaml", "--kubernetes", "v1.31.4").code == 0
    done = mlgen(tmp_path, "lint", "old.yaml", "--kubernetes", "1.32", "--format", "concise")
    assert (done.code, "[kubernetes-api-unavailable]" in done.out) == (1, True)
    assert mlgen(tmp_path, "lint", "old.yaml", "--kubernetes", "1.9").err == (
        "mlgen: there are no schemas of Kubernetes 1.9: those are 1.25 to 1.37\n"
    )


def test_the_default_version_is_the_one_that_help_says() -> None:
    help_ = " ".join(mlgen(Path(), "lint", "--help").out.split())
    assert f"The cluster's version, such as 1.34; else --env's, or {command.DEFAULT}." in help_
    assert MINORS[-3] == command.DEFAULT


def test_an_environment_says_its_version(tmp_path: Path) -> None:
    platform = repository(tmp_path / "platform")
    environment = platform / "environments" / "prod.yaml"
    environment.write_text(environment.read_text() + 'kubernetes: "1.33"\n')
    written(tmp_path, fine=FINE)
    root = ("--root", "platform", "fine.yaml")
    assert mlgen(tmp_path, "lint", "--env", "prod", *root).err.startswith(
        "1 object in 1 file checked for Kubernetes 1.33"
    )
    both = mlgen(tmp_path, "lint", "--env", "prod", "--kubernetes", "1.36", *root)
    assert both.err.startswith("1 object in 1 file checked for Kubernetes 1.36")
    assert mlgen(tmp_path, "lint", "--env", "prdo", *root).err == (
        "mlgen: there is no environment `prdo`: did you mean `prod`?\n"
    )
    environment.write_text(environment.read_text() + "odd: 1\n")
    wrong = mlgen(tmp_path, "lint", "--env", "prod", *root)
    assert (wrong.code, "error[unknown-key]" in wrong.err) == (2, True)


def test_a_base_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    written(tmp_path, fine=FINE, base=FINE + "data: [\n")
    done = mlgen(tmp_path, "lint", "fine.yaml", "--base", "base.yaml", "--format", "concise")
    assert (done.code, done.out.split(" ")[0]) == (1, "base.yaml:6:1:")
    assert mlgen(tmp_path, "lint", "fine.yaml", "--base", "fine.yaml").code == 0


def test_the_document_says_what_was_checked(tmp_path: Path) -> None:
    written(tmp_path, deploy__wrong=WRONG, deploy__values="a: 1\n")
    done = mlgen(tmp_path, "lint", "deploy", "--format", "json")
    found = json.loads(done.out)
    (problem,) = found.pop("problems")
    assert (problem["file"], problem["line"]) == ("deploy/wrong.yaml", 5)
    assert found == {
        "schema_version": 1,
        "kubernetes": "1.35",
        "objects": 1,
        "files": 1,
        "overlays": 0,
        "passed_over": ["deploy/values.yaml"],
    }
    assert done.err == ""


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    written(tmp_path, fine=FINE)
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    assert mlgen(tmp_path, "lint", ".").code == 0, "in a folder, a link to nowhere is no file"
    with mock.patch("os.open", side_effect=PermissionError(13, "Permission denied")):
        done = mlgen(tmp_path, "lint", "fine.yaml", "--format", "concise")
    assert done.out == "fine.yaml:1:1: error[cannot-read] this cannot be read: Permission denied\n"


@pytest.mark.parametrize("dies", ["never", "at once", "half-way"])
def test_many_files_are_shared_among_processes(dies: str, tmp_path: Path) -> None:
    corpus.written(tmp_path / "corpus")
    written(tmp_path, corpus__zz__wrong=WRONG, corpus__aa__wrong=WRONG)
    ways: dict[str, dict[str, Any]] = {"never": {}, "at once": {"_tell": died}, "half-way": {"_tell": cut}}
    outcomes = []
    for changed in ({"MANY": 10_000}, {"MANY": 200, **ways[dies]}):
        with mock.patch.multiple(shares, **changed), mock.patch("mlgen.processors.count", return_value=3):
            outcomes.append(mlgen(tmp_path, "lint", "corpus"))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].err == "1002 objects in 1002 files checked for Kubernetes 1.35\n"
    assert outcomes[0].out.count("error[kubernetes-wrong-type]") == 2


def died(*_arguments: Any) -> None:
    os._exit(9)


def cut(pipe: int, work: shares.Work, files: dict[str, bytes], setting: Setting) -> None:
    """One group of files is told, and of the next as much as was written when the process died."""
    took = [[work.names[number] for number in group] for group in islice(shares._taken(work), 2)]
    told, half = (pickle.dumps([examine(name, files[name], setting) for name in some]) for some in took)
    os.write(pipe, told + half[: len(half) // 2])
    os._exit(9)


def test_what_a_shell_offers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, deploy__fine=FINE, dev=FINE)
    (tmp_path / "docs.md").write_text("")
    monkeypatch.chdir(tmp_path)
    assert completion.files("d") == ["deploy/", "dev.yaml"]
    assert completion.files("deploy/") == ["deploy/fine.yaml"]
    assert completion.files("nowhere/x") == []


def test_what_mlgen_writes_passes() -> None:
    done = mlgen(ROOT, "lint", "overlays", "--kubernetes", "1.34", "--format", "concise")
    assert (done.code, "error[" in done.out) == (0, False)
