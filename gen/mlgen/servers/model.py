"""The model that a workload serves -> its image, its folder in the container, and what the spec must say of it.

Every server finds one version of a model in a folder of its own, `<data>/<name>/<version>`, and is told of that folder
alone: a server that followed the newest version would make the folder the truth, not git.
"""

from collections.abc import Iterator

from mlgen import image
from mlgen.objects import Object, content_hash, metadata, workload_labels
from mlgen.pod import Volume, data_volume, named_in
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

# The keys that only one server takes: the others would not know what to do with them.
ONLY = {
    "command": "custom",
    "port": "custom",
    "health": "custom",
    "metrics": "custom",
    "runtime": "mlserver",
    "config": "triton",
    "application": "ray",
}
MODEL = "add `model: {data: DATA, name: NAME, version: N}`"


def check(workload: Workload) -> None:
    """Raises MlgenError where a server of models has no model, no version, or a key that is for another server."""
    server = workload.spec["server"]
    problems = list(others_keys(workload))
    model = workload.spec.get("model")
    if model is None:
        message = f"{said(server)} serves a model, and none is named"
        problems.append(Problem("server-needs-model", server.span, message, MODEL))
    elif "version" not in model:
        message = f"the model `{said(model['name'])}` has no version, here or in releases.yaml"
        hint = "add `version: N`: the number of the model's folder"
        problems.append(Problem("server-needs-model", model.span, message, hint))
    if problems:
        raise MlgenError(*problems)


def others_keys(workload: Workload) -> Iterator[Problem]:
    """Keys that are for another server than this one."""
    spec, server = workload.spec, said(workload.spec["server"])
    for key, taker in ONLY.items():
        if key in spec and server != taker:
            who = "a custom server" if taker == "custom" else taker
            message = f"`{key}` is not for {'a custom server' if server == 'custom' else server}: only {who} takes it"
            hint = f"remove `{key}`, or write `server: {taker}`"
            yield Problem("not-for-this-server", spec.key_span(key), message, hint)


def server_image(workload: Workload, name: str) -> Made:
    """The workload's own image, else the one the environment gives to the server ``name``.

    Raises MlgenError where there is neither.
    """
    own = workload.spec.get("image") or workload.site.offer.find("servers", name)
    if own is not None:
        return image.full(own, workload.site)
    environment, server = workload.site.offer["name"], workload.spec["server"]
    message = f"there is no image for {said(server)} in `{said(environment)}`"
    hint = f"add `servers: {{{name}: IMAGE}}` to the environment, or `image` to this workload"
    related = ((environment.span, "this environment"),)
    raise MlgenError(Problem("no-image", server.span, message, hint, related=related))


def whole(workload: Workload) -> Volume:
    """All of the data that holds the model, which the server may only read.

    Where the workload lists that data too, it is the volume that it gets for it anyway, and is not mounted twice.
    """
    used = workload.spec["model"]["data"]
    access = workload.data[said(used)].get("access")
    written = listed(workload) and access is not None and access.value == "write"
    return data_volume(workload, used, read_only=not written)


def listed(workload: Workload) -> bool:
    """Whether the workload uses the model's data as data too."""
    return said(workload.spec["model"]["data"]) in [said(name) for name in named_in(workload, "data")]


def one_version(workload: Workload, path: str) -> Volume:
    """Only the folder of the version, at ``path``: whatever else the data holds, the server cannot see it."""
    volume, model = whole(workload), workload.spec["model"]
    within = [text(volume.folder)] if volume.folder is not None else []
    inner = made("/".join([*within, said(model["name"]), said(model["version"])]), model["version"], model["name"])
    return volume._replace(path=made(path, model["version"], model["name"]), folder=inner, read_only=made(True, model))


def folder(workload: Workload, volume: Volume) -> Made:
    """Where the container finds the version in ``volume``, which is all of the data."""
    model = workload.spec["model"]
    path = f"{text(volume.path)}/{said(model['name'])}/{said(model['version'])}"
    return made(path, model["version"], model["name"], model["data"])


def needed(workload: Workload, volume: Volume) -> tuple[Volume, ...]:
    """``volume``, unless the workload's own list of data mounts it."""
    return () if listed(workload) else (volume,)


def config_map(workload: Workload, data: dict[str, Draft], *sources: Made) -> tuple[Object, Made]:
    """A ConfigMap and its name, which its content makes: other content is a rollout."""
    model = workload.spec.get("model")
    about, because = ([], workload.key) if model is None else ([model["version"], model["name"]], model)
    suffix = content_hash(data)
    name = made(f"{workload.object_name}-{suffix}", workload.key, *about, *sources)
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(workload.site, name, workload_labels(workload)),
        "data": data,
    }
    return Object(body, (because,), shared=False), name


def text(value: Draft) -> str:
    """The text of a draft that is text: a path, or a folder."""
    return said(made(value))
