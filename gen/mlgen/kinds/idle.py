"""``idle: 2h`` of a notebook -> settings that Jupyter itself reads, whatever its command: a file and where it lies.

Jupyter looks into the folders of JUPYTER_CONFIG_PATH beside its own (jupyter_core, paths.jupyter_config_path), when it
starts: other settings are another file, and a new pod. What computes is never ended, and a tab that is left open keeps
nothing alive (jupyter_server, MappingKernelManager; jupyter_server_terminals, TerminalManager).
"""

import json

from mlgen.node import Json
from mlgen.objects import Object, content_hash, metadata, named, workload_labels
from mlgen.pod import Volume
from mlgen.quantity import seconds
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

KEY = "idle"
FILE = "jupyter_server_config.json"
FOLDER = "/etc/jupyter-idle"
VARIABLE = "JUPYTER_CONFIG_PATH"
OFTEN = 300  # seconds between two looks


def variables(workload: Workload) -> dict[str, Draft]:
    """Where Jupyter looks besides."""
    asked = workload.spec.get(KEY)
    return {} if asked is None else {VARIABLE: made(FOLDER, asked)}


def volumes(workload: Workload) -> list[Volume]:
    """What the pods of all users mount."""
    asked = workload.spec.get(KEY)
    source: Draft = {"configMap": {"name": _name(workload)}} if asked is not None else None
    return [] if asked is None else [Volume("jupyter-idle", FOLDER, source, made(True, asked))]


def objects(workload: Workload) -> list[Object]:
    """The file, once for all users."""
    asked = workload.spec.get(KEY)
    if asked is None:
        return []
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(workload.site, _name(workload), workload_labels(workload)),
        "immutable": True,
        "data": {FILE: made(_text(workload), asked)},
    }
    return [Object(body, (asked,), shared=False)]


def _name(workload: Workload) -> Made:
    return named(workload, "jupyter", content_hash(_text(workload)), sources=(workload.spec[KEY],))


def _text(workload: Workload) -> str:
    after = seconds(said(workload.spec[KEY]))
    look = min(after, OFTEN)
    settings: Json = {
        "MappingKernelManager": {"cull_idle_timeout": after, "cull_interval": look, "cull_connected": True},
        "TerminalManager": {"cull_inactive_timeout": after, "cull_interval": look},
    }
    return json.dumps(settings, indent=1) + "\n"
