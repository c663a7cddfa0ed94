"""`idle` of a notebook, as Jupyter itself reads it, and the PodDefaults that Kubeflow adds to its pods."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.small import built, problems

KUBEFLOW = "podSecurity: baseline\nplatform: {notebook: kubeflow-notebooks-1.10}\n"
BOTH = pytest.mark.parametrize("environment", ["", KUBEFLOW], ids=["statefulset", "kubeflow"])
SPEC = "workloads:\n  lab: {kind: notebook, image: ghcr.io/acme/lab:1, users: [anna, ben]MORE}\n"
IDLE = SPEC.replace("MORE", ", idle: 2h")
PROFILE = 'namespace: {existing: growth}\npodDefaults: {mlflow: {access-mlflow: "true"}, hub: {access-hub: "yes"}}\n'


def notebooks(objects: dict[str, Any]) -> list[Any]:
    return [body for name, body in objects.items() if name.startswith(("StatefulSet/", "Notebook/"))]


def settings(objects: dict[str, Any]) -> tuple[str, Any]:
    [(name, body)] = [one for one in objects.items() if one[0].startswith("ConfigMap/")]
    return name.partition("/")[2], body["data"]


@BOTH
def test_every_users_jupyter_finds_the_same_file(environment: str) -> None:
    objects = built(IDLE, environment)
    name, data = settings(objects)
    assert list(data) == ["jupyter_server_config.json"]
    assert len(notebooks(objects)) == 2
    for notebook in notebooks(objects):
        pod = notebook["spec"]["template"]["spec"]
        [container] = pod["containers"]
        assert {"name": "JUPYTER_CONFIG_PATH", "value": "/etc/jupyter-idle"} in container["env"]
        assert {"name": "jupyter-idle", "mountPath": "/etc/jupyter-idle", "readOnly": True} in container["volumeMounts"]
        assert {"name": "jupyter-idle", "configMap": {"name": name}} in pod["volumes"]
        assert "command" not in container, "the image's own starts Jupyter"


@BOTH
def test_without_it_nothing_is_said(environment: str) -> None:
    objects = built(SPEC.replace("MORE", ""), environment)
    assert not [name for name in objects if name.startswith("ConfigMap/")]
    assert "jupyter-idle" not in str(notebooks(objects))


def test_what_computes_is_not_idle_and_an_open_tab_is() -> None:
    _, data = settings(built(IDLE))
    found = json.loads(data["jupyter_server_config.json"])
    assert found["MappingKernelManager"] == {"cull_idle_timeout": 7200, "cull_interval": 300, "cull_connected": True}
    assert "cull_busy" not in found["MappingKernelManager"], "Jupyter's own: what computes goes on"
    assert found["TerminalManager"] == {"cull_inactive_timeout": 7200, "cull_interval": 300}


def test_a_short_time_is_looked_at_as_often() -> None:
    _, data = settings(built(IDLE.replace("2h", "90s")))
    found = json.loads(data["jupyter_server_config.json"])
    assert found["MappingKernelManager"]["cull_interval"] == 90


def test_another_time_is_another_file() -> None:
    """Jupyter reads it when it starts: a pod has to start anew."""
    names = {settings(built(IDLE.replace("2h", time)))[0] for time in ("2h", "120m", "3h")}
    assert len(names) == 2


def test_an_environment_may_say_it_for_all() -> None:
    objects = built(SPEC.replace("MORE", ""), "defaults: {notebook: {idle: 2h}}\n")
    assert settings(objects)[1] == settings(built(IDLE))[1]


ASK = """
from jupyter_server.serverapp import ServerApp
app = ServerApp()
app.initialize(["--allow-root", "--no-browser", "--port=0"])
kernels, terminals = app.kernel_manager, app.web_app.settings.get("terminal_manager")
print(kernels.cull_idle_timeout, kernels.cull_connected, kernels.cull_busy)
print(getattr(terminals, "cull_inactive_timeout", 7200))
"""


def test_jupyter_reads_it(tmp_path: Path) -> None:
    """The real one, where it is installed."""
    python = os.environ.get("MLGEN_JUPYTER", sys.executable)
    if subprocess.run([python, "-c", "import jupyter_server"], capture_output=True, check=False).returncode:
        pytest.skip("no jupyter_server is here: MLGEN_JUPYTER may name a Python that has it")
    for name, text in settings(built(IDLE))[1].items():
        (tmp_path / name).write_text(text, "utf-8")
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(tmp_path), "HOME": str(tmp_path / "home")}
    done = subprocess.run([python, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["7200", "True", "False", "7200"]


# PodDefaults


@pytest.mark.parametrize("environment", [PROFILE, PROFILE + KUBEFLOW], ids=["statefulset", "kubeflow"])
def test_pods_have_the_labels_by_which_pod_defaults_find_them(environment: str) -> None:
    objects = built(SPEC.replace("MORE", ", podDefaults: [mlflow, hub]"), environment)
    for notebook in notebooks(objects):
        kubeflow = notebook["kind"] == "Notebook"  # whose labels its controller gives to the pod
        labels = (notebook if kubeflow else notebook["spec"]["template"])["metadata"]["labels"]
        assert {"access-mlflow": "true", "access-hub": "yes", "mlgen.dev/workload": "lab"}.items() <= labels.items()
        selected = notebook["spec"].get("selector", {}).get("matchLabels", {})
        assert not {"access-mlflow", "access-hub"} & selected.keys(), "a selector never changes"


def test_a_pod_default_is_in_the_namespace_of_a_profile() -> None:
    spec = SPEC.replace("MORE", ", podDefaults: [mlflow]")
    own = PROFILE.replace("namespace: {existing: growth}\n", "")
    assert [one.rule for one in problems(spec, own)] == ["pod-defaults-elsewhere"]
