"""`mlgen platform`: the profiles, and what each kind runs on there."""

import io
import json
import sys
from pathlib import Path
from unittest import mock

import pytest
from tests.terminal import Done, mlgen, shell

from mlgen import profiles
from mlgen.kinds import KINDS

PAGE = """\
kubeflow-1.11: Kubeflow's community distribution 1.11, of December 2025.

  autoscaler  kubernetes
  job         job
  mpi         kubeflow-training-1.9    1.9.2
"""


def test_every_profile_has_a_line(tmp_path: Path) -> None:
    done = mlgen(tmp_path, "platform", "list")
    assert done == mlgen(tmp_path, "platform")
    assert [line.split()[0] for line in done.out.splitlines()] == list(profiles.names())
    assert done.out.splitlines()[0] == "plain           Kubernetes alone: no operator at all."


def test_a_page_looks_like_this(tmp_path: Path) -> None:
    done = mlgen(tmp_path, "platform", "show", "kubeflow-1.11")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(PAGE)
    assert "  ray         -                        nothing here runs it\n" in done.out
    assert "serving: Its KServe 0.15 " in done.out


@pytest.mark.parametrize("name", profiles.names())
def test_a_page_has_a_line_for_every_kind(tmp_path: Path, name: str) -> None:
    lines = mlgen(tmp_path, "platform", "show", name).out.splitlines()
    assert {line.split()[0] for line in lines if line.startswith("  ")} >= {*KINDS, "pipelines"}
    assert f"In an environment: `platform: {name}`, or with what differs from it beside it:" in lines


def test_a_program_gets_all_of_it(tmp_path: Path) -> None:
    one = json.loads(mlgen(tmp_path, "platform", "show", "plain", "--format", "json").out)
    every = json.loads(mlgen(tmp_path, "platform", "list", "--format", "json").out)
    assert (one["schema_version"], one["name"], one["platform"]["spark"]) == (1, "plain", None)
    assert [entry["name"] for entry in every["profiles"]] == list(profiles.names())
    assert {"schema_version": 1, **every["profiles"][0]} == one


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show",), "no profile is named: one of plain, "),
        (("show", "kubflow-26.03"), "there is no profile `kubflow-26.03`: did you mean `kubeflow-26.03`?\n"),
        (("show", "xyzzy"), "there is no profile `xyzzy`: "),
        (("shw", "plain"), "there is no `mlgen platform shw`: did you mean `show`?\n"),
        (("list", "plain"), "`mlgen platform list` takes no name: `mlgen platform show plain` does\n"),
    ],
)
def test_a_slip_is_said_and_mended(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    done = mlgen(tmp_path, "platform", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"mlgen: {message}")


def test_help_begins_with_examples(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "platform", "--help") == Done(0, mlgen(tmp_path, "platform", "-h").out, "")
    assert mlgen(tmp_path, "platform", "--help").out.startswith("Examples:\n  mlgen platform list\n")


# ---- detect -----------------------------------------------------------------------------------------------------

RAY = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: rayjobs.ray.io}
spec:
  group: ray.io
  names: {kind: RayJob, plural: rayjobs}
  versions:
    - name: v1
      served: true
      schema:
        openAPIV3Schema:
          properties:
            spec:
              properties:
                rayClusterSpec:
                  properties: {autoscalerOptions: {properties: {version: {type: string}}}}
"""
QUEUE = RAY.replace("rayjobs", "localqueues").replace("ray.io", "kueue.x-k8s.io").replace("name: v1", "name: v1beta2")
LIST = "apiVersion: v1\nitems:\n" + "".join(
    f"- {line}\n" if number == 0 else f"  {line}\n" for number, line in enumerate(RAY.splitlines())
)
SAID = """\
platform: {ray: kuberay-1.4}
# ray: kuberay-1.4, for RayJob has `spec.rayClusterSpec.autoscalerOptions.version`
"""


def fed(root: Path, text: str | bytes, *words: str) -> Done:
    data = text if isinstance(text, bytes) else text.encode()
    with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(data))):
        return mlgen(root, "platform", "detect", *words)


def test_an_entry_and_its_reasons_are_printed(tmp_path: Path) -> None:
    assert fed(tmp_path, RAY) == fed(tmp_path, RAY, "-") == Done(0, SAID, "")
    assert fed(tmp_path, f"{LIST}kind: List\nmetadata: {{resourceVersion: ''}}\n") == Done(0, SAID, "")
    (tmp_path / "crds.yaml").write_text(RAY)
    assert mlgen(tmp_path, "platform", "detect", "crds.yaml") == Done(0, SAID, "")
    beside = fed(tmp_path, f"{RAY}---\n{QUEUE}")
    assert beside.out.startswith(SAID)
    assert beside.out.endswith("# queue: {from: kueue-0.19, cluster: NAME}\n")


def test_a_pipe_is_as_good_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "crds.yaml").write_text(RAY)
    assert shell(tmp_path, "mlgen platform detect <(cat crds.yaml)") == Done(0, SAID, "")


def test_a_program_gets_the_entry_and_the_reasons(tmp_path: Path) -> None:
    found = json.loads(fed(tmp_path, RAY, "--format", "json").out)
    assert found["platform"] == {"ray": "kuberay-1.4"}
    assert [(one["key"], one["backend"], one["others"]) for one in found["found"]] == [("ray", "kuberay-1.4", [])]
    assert (found["schema_version"], found["untold"], found["beside"]) == (1, [], [])


def test_what_is_not_known_is_a_plain_cluster(tmp_path: Path) -> None:
    done = fed(tmp_path, RAY.replace("ray.io", "example.com"))
    assert (done.code, done.out) == (0, "platform: plain\n")
    assert done.err == "Of 1 definition none is of an operator that mlgen has a back-end for.\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("garbage", "there is no CustomResourceDefinition in this input"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n", "there is no CustomResourceDefinition in this input"),
        ("apiVersion: v1\nitems: []\nkind: List\n", "there is no CustomResourceDefinition in this input"),
        (LIST, "this list has no end"),
        (RAY.partition("      served")[0], "`served` is missing"),
        (RAY.partition("spec:")[0], "`spec.group` is missing"),
        (RAY.partition("string")[0], "a value is missing here"),
        ('{"apiVersion": "v1", "items": [{"kind": "Cust', 'the quote " opened here is never closed'),
        (b"\xff\xfe\x00\x01\x02\xff", "UTF-8"),
    ],
)
def test_what_is_no_definition_is_said_at_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    done = fed(tmp_path, text)
    assert (done.code, done.out) == (1, "")
    assert message in done.err
    assert " --> -:" in done.err


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    assert fed(tmp_path, " \n").err == (
        "mlgen: stdin is empty: did kubectl print an error? `kubectl get crd -o yaml` prints definitions\n"
    )
    assert mlgen(tmp_path, "platform", "detect", "crds.yaml").err == (
        "mlgen: there is no file crds.yaml: `kubectl get crd -o yaml | mlgen platform detect` reads a cluster's\n"
    )
    with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""))) as terminal:
        terminal.isatty = lambda: True  # type: ignore[method-assign]
        assert mlgen(tmp_path, "platform", "detect").err.startswith("mlgen: nothing is given: ")
