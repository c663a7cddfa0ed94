"""Whole platform repositories, drawn at random: valid by construction, or so nearly that most are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from hypothesis import strategies as st
from tests.nasty import STRINGS, kustomize_rewrites

from mlgen import emit, image
from mlgen.kinds import KINDS
from mlgen.secret_text import looks_like_a_secret
from mlgen.secrets import PROVIDERS

Doc: TypeAlias = dict[str, Any]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
Tree: TypeAlias = dict[str, Doc]  # the path of each file -> its document

PROJECTS = ("churn", "eta", "fraud-2", "maps")
ENVIRONMENTS = ("dev", "prod", "qa", "staging", "west-2")
WORKLOADS = ("a", "batch", "lab", "train-x", "serve", "sync")
DATA = ("features", "m", "models", "raw-2")
USERS = ("anna", "ben", "c-3")
VARIABLES = ("EPOCHS", "LEVEL", "_x", "a.b", "lower-case", "TZ")
GPUS = ("a100", "t4")
TEMPLATES = (
    "{{ project.name }}",
    "run in {{environment.name}}: {% if x %}",
    "{{ environment.name | replace('d', 'x') }}:\n - {{ workload.name | lower }}",
    "{{ release.tag | default('none') }}",
)
IMAGES = ("app", "team/tool:1.4", "ghcr.io/acme/base:2024.1", "localhost:5000/x")
DIGEST = "@sha256:" + "0123456789abcdef" * 4
TAGS = ("1.4.2", "1e3", "0x1F", "1234567", "v2_rc.1")


def files(tree: Tree) -> dict[str, bytes]:
    """The bytes of every file, as `mlgen.platform.load` takes them."""
    return {path: emit.dump(document).encode() for path, document in tree.items()}


def over(weaker: Any, stronger: Any) -> Any:
    """One document laid over another, for the drawers to know what an environment will offer."""
    if not isinstance(weaker, dict) or not isinstance(stronger, dict):
        return stronger
    merged = {**weaker, **{key: over(weaker.get(key), value) for key, value in stronger.items()}}
    return {key: value for key, value in merged.items() if value is not None}


@cache
def texts() -> st.SearchStrategy[str]:
    """Nasty strings that a spec may hold and that Kustomize can write, and templates."""

    def welcome(text: str) -> bool:
        controls = any(ord(character) < 32 and character not in "\n\t" for character in text)
        return len(text) < 300 and kustomize_rewrites(text) and not controls and "{{" not in text

    chosen = [text for text in STRINGS if welcome(text) and not looks_like_a_secret(text)]
    return st.sampled_from(chosen) | st.sampled_from(TEMPLATES)


def some(names: Sequence[str], least: int = 0, most: int = 3) -> st.SearchStrategy[list[str]]:
    """A few of ``names``, each once."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=min(most, len(names)), unique=True)


def maybe(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Doc]:
    """A map with any of these keys."""
    return st.fixed_dictionaries({}, optional=optional)


# ---- data, servers and ways in: a drawer for each entry of mlgen's registries -----------------------------------

ACCESS = st.sampled_from(["read", "write"])
BYTES = st.sampled_from(["512Mi", "2Gi", "1.5Gi", "10G"])
TIMES = st.sampled_from(["30s", "10m", "6h", "2d"])

DATA_DRAWERS: Mapping[str, st.SearchStrategy[Doc]] = {
    "blob": st.builds(
        dict,
        st.fixed_dictionaries({"blob": st.sampled_from(["raw", "tele-2/x/Y_z", "{{ project.name }}-data/in"])}),
        access=ACCESS,
        freshness=st.sampled_from(["always", "never", "30s", "1h"]),
    ),
    "claim": st.builds(dict, st.fixed_dictionaries({"claim": st.sampled_from(["shared", "a.b-c"])}), access=ACCESS),
    "scratch": st.fixed_dictionaries({"scratch": BYTES}),
}
DRIVER_DRAWERS: Mapping[str, Callable[[str], st.SearchStrategy[Doc]]] = {
    "azure-blob": lambda credential: st.builds(
        dict,
        st.just({"driver": "azure-blob"}),
        account=st.sampled_from(["acmeml", "0123456"]),
        resourceGroup=st.sampled_from(["ml", "(1e3)"]),
        **{
            "secret": {"secret": st.sampled_from(["key", "0.1"])},
            "identity": {
                "identity": st.builds(
                    lambda digit: {"clientId": "-".join(digit * count for count in (8, 4, 4, 4, 12))},
                    st.sampled_from("0e7"),
                )
            },
        }[credential],
    ),
}
EXPOSURE_DRAWERS: Mapping[str, st.SearchStrategy[Doc]] = {
    "gateway": st.fixed_dictionaries(
        {"name": st.sampled_from(["ml", "1e3"]), "namespace": st.sampled_from(["gateways", "on"])}
    ),
    "ingress": st.fixed_dictionaries(
        {"class": st.sampled_from(["nginx", "null"])}, optional={"tlsSecret": st.sampled_from(["wildcard", "1.2"])}
    ),
}
SERVER_DRAWERS: Mapping[str, Callable[[Draw, Sequence[str]], Doc]] = {
    "custom": lambda draw, _: draw(
        maybe(command=words(), port=st.integers(1024, 65535), health=st.sampled_from(["/", "/ok?x=~"]))
    ),
    "tensorflow-serving": lambda draw, data: {
        "model": {
            "data": draw(st.sampled_from(data)),
            "name": draw(st.sampled_from(["churn", "0x1F", "A_b.c"])),
            "version": draw(st.sampled_from([0, 42, 2**63 - 1])),
        }
    },
}
SERVERS_WITH_MODELS = frozenset(["tensorflow-serving"])


# ---- kinds: what is special in each, and what an environment may change in it -----------------------------------


def words() -> st.SearchStrategy[list[str]]:
    return st.lists(texts(), min_size=1, max_size=3)


def _job(draw: Draw, _: Sequence[str]) -> Doc:
    spec: Doc = draw(maybe(command=words(), retries=st.integers(0, 9), timeout=TIMES))
    if draw(st.booleans()):
        spec |= {"schedule": draw(st.sampled_from(["0 2 * * *", "@daily", "*/5 1-3 ? jan,Feb sun"]))}
        zones = st.sampled_from(["Europe/Berlin", "Etc/GMT+5"])
        spec |= draw(maybe(timeZone=zones, concurrency=st.sampled_from(["Allow", "Replace"])))
    if draw(st.booleans()):
        spec |= {"completions": draw(st.integers(4, 9))} | draw(maybe(parallelism=st.integers(1, 4)))
    return spec


def _notebook(draw: Draw, _: Sequence[str]) -> Doc:
    home = maybe(size=BYTES, path=st.sampled_from(["/home/jovyan", "/root/~x"]))
    users = st.fixed_dictionaries({"users": some(USERS, 1)})
    spec: Doc = draw(users) | draw(maybe(port=st.integers(1024, 65535), command=words(), home=home))
    return spec


def _serving(draw: Draw, data: Sequence[str]) -> Doc:
    servers = [name for name in SERVER_DRAWERS if data or name not in SERVERS_WITH_MODELS]
    server = draw(st.sampled_from(servers))
    more = maybe(startup=TIMES, host=st.sampled_from(["a", "x-1.{{ project.name }}"]), replicas=REPLICAS)
    spec: Doc = {"server": server} | SERVER_DRAWERS[server](draw, data) | draw(more)
    return spec


# Whatever overrides what: the least is never above the most.
REPLICAS = maybe(min=st.integers(1, 4), max=st.integers(4, 9), cpu=st.sampled_from(["1%", "70%", "100%"]))

KIND_DRAWERS: Mapping[str, Callable[[Draw, Sequence[str]], Doc]] = {
    "job": _job,
    "notebook": _notebook,
    "serving": _serving,
}


def _less_of_a_job(spec: Doc) -> st.SearchStrategy[Doc]:
    once = {key: None for key in ("schedule", "timeZone", "concurrency") if key in spec}
    return maybe(retries=st.none() | st.integers(0, 9), timeout=st.none() | TIMES) | st.just(once)


def _less_of_a_notebook(spec: Doc) -> st.SearchStrategy[Doc]:
    return maybe(users=some(USERS, 1), port=st.integers(1024, 65535), home=maybe(size=BYTES))


def _less_of_serving(spec: Doc) -> st.SearchStrategy[Doc]:
    gone = [{key: None} for key in ("host", "replicas", "startup", "port", "health") if key in spec]
    gone += [{"replicas": {"max": None}}] if "max" in spec.get("replicas", {}) else []
    fewer: st.SearchStrategy[Doc] = st.sampled_from(gone) if gone else st.just({})
    return fewer | maybe(replicas=REPLICAS, startup=TIMES)


CHANGES: Mapping[str, Callable[[Doc], st.SearchStrategy[Doc]]] = {
    "job": _less_of_a_job,
    "notebook": _less_of_a_notebook,
    "serving": _less_of_serving,
}
DEFAULTS: Mapping[str, st.SearchStrategy[Doc]] = {
    "job": maybe(retries=st.integers(0, 9), timeout=TIMES),
    "notebook": maybe(home=maybe(size=BYTES)),
    "serving": maybe(replicas=REPLICAS, startup=TIMES),
}


# ---- environments -----------------------------------------------------------------------------------------------


@st.composite
def environments(draw: Draw) -> dict[str, Doc]:
    """Base and one to three others, by name; the others say only what they change."""
    common = draw(offers())
    names = draw(some(ENVIRONMENTS, 1))
    found = {"base": common}
    credential = draw(st.sampled_from(["secret", "identity"]))
    ways_in = draw(st.sampled_from(sorted(EXPOSURE_DRAWERS)))
    for name in ("base", *names):
        own = common if name == "base" else draw(offers())
        if draw(st.booleans()) or name == "base":
            own["namespace"] = draw(namespaces())
        if draw(st.integers(0, 3)) > (2 if name == "base" else 0):
            own["storage"] = draw(storage(credential))
        if draw(st.integers(0, 3)) > (1 if name == "base" else 0):
            own |= {"domain": "ml.example.com", "network": {ways_in: draw(EXPOSURE_DRAWERS[ways_in])}}
        if name != "base" and draw(st.integers(0, 3)) == 0:
            own |= {"protected": True, "servers": dict.fromkeys(SERVERS_WITH_MODELS, f"tf.example/{name}:1.0{DIGEST}")}
        found[name] = own
    return found


def offers() -> st.SearchStrategy[Doc]:
    registry = st.builds(
        dict,
        st.fixed_dictionaries({"host": st.sampled_from(["acme.example", "localhost:5000", "r.example/ml"])}),
        **draws_of(pullSecret=st.sampled_from(["acr", "08"])),
    )
    gpu = st.fixed_dictionaries(
        {"resource": st.sampled_from(["nvidia.com/gpu", "x.y/1e3"]), "total": st.just(10**6)},
        optional={
            "nodeSelector": st.dictionaries(st.sampled_from(["accelerator", "a.b/c"]), st.sampled_from(["t4", "1e3"])),
            "tolerations": st.just([{"key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule"}]),
        },
    )
    return maybe(
        kubernetes=st.sampled_from([f"1.{minor}" for minor in range(30, 38)]),
        registry=registry,
        servers=st.just(dict.fromkeys(SERVERS_WITH_MODELS, "docker.io/tensorflow/serving:2.19.0")),
        podSecurity=st.sampled_from(["restricted", "baseline", "privileged"]),
        gpus=st.dictionaries(st.sampled_from(GPUS), gpu),
        secrets=st.fixed_dictionaries({"from": st.sampled_from(sorted(PROVIDERS))}),
        platform=maybe(**{kind: st.sampled_from(sorted(backends)) for kind, backends in KINDS.items()}),
        defaults=maybe(**DEFAULTS),
    )


def draws_of(**optional: st.SearchStrategy[Any]) -> Mapping[str, st.SearchStrategy[Any]]:
    return optional


def namespaces() -> st.SearchStrategy[Any]:
    return st.sampled_from(
        [
            "ml-{{ project.name }}-{{ environment.name }}",
            "{{ project.name }}",
            {"existing": "shared"},
            {"existing": "on-{{ environment.name }}"},
        ]
    )


@st.composite
def storage(draw: Draw, credential: str) -> Doc:
    driver = draw(st.sampled_from(sorted(DRIVER_DRAWERS)))
    home = maybe(home=st.fixed_dictionaries({"storageClass": st.sampled_from(["fast", "1e3"])}))
    return {"blob": draw(DRIVER_DRAWERS[driver](credential))} | draw(home)


# ---- projects ---------------------------------------------------------------------------------------------------


@st.composite
def platforms(draw: Draw) -> Tree:
    """One to three environments beside base, and one to three projects with their releases."""
    own = draw(environments())
    tree: Tree = {
        f"environments/{name}.yaml": {"apiVersion": "mlgen.dev/v1", "kind": "Environment", "name": name, **offer}
        for name, offer in own.items()
    }
    whole = {name: over(own["base"], offer) for name, offer in own.items() if name != "base"}
    for name in draw(some(PROJECTS, 1)):
        tree |= draw(project(name, whole))
    return tree


@st.composite
def project(draw: Draw, name: str, offered: Mapping[str, Doc]) -> Tree:
    """A project that runs in some of the environments ``offered``, and perhaps its releases."""
    runs_in = draw(some(list(offered), 1))
    spec: Doc = {"apiVersion": "mlgen.dev/v1", "kind": "Project", "name": name, "owner": "growth-ml"}
    spec |= draw(maybe(description=st.sampled_from(["Which drivers?", "1e3", "a: b #c"])))
    spec |= {"image": draw(st.sampled_from(IMAGES))}
    spec |= draw(maybe(data=st.dictionaries(st.sampled_from(DATA), data_entry(), min_size=1, max_size=3)))
    spec |= draw(maybe(secrets=st.just({"maps": ["MAPS_KEY"], "w-2": ["DW_USER", "_dw"]})))
    names = draw(some(WORKLOADS, 1, 4))
    spec["workloads"] = {key: draw(workload(spec, runs_in)) for key in names}
    spec["environments"] = {key: draw(changed(spec, key, offered[key])) for key in runs_in}
    return {f"projects/{name}/mlgen.yaml": spec} | releases(draw, spec, offered)


@st.composite
def data_entry(draw: Draw) -> Doc:
    kind = draw(st.sampled_from(sorted(DATA_DRAWERS)))
    return draw(DATA_DRAWERS[kind]) | draw(maybe(path=st.uuids().map(lambda some: f"/mnt/{some}")))


@st.composite
def workload(draw: Draw, project: Doc, runs_in: Sequence[str]) -> Doc:
    kind = draw(st.sampled_from(sorted(KIND_DRAWERS)))
    data, secrets = list(project.get("data", {})), list(project.get("secrets", {}))
    asked = maybe(
        cpu=st.sampled_from([2, 0.5, "250m"]),
        memory=BYTES,
        gpu=st.dictionaries(st.sampled_from(GPUS), st.integers(1, 3), min_size=1, max_size=1),
    )
    common = maybe(
        image=st.sampled_from(IMAGES),
        args=words(),
        env=variables(),
        resources=asked,
        runAsUser=st.integers(1, 2**31 - 1),
        **({"data": some(data)} if data else {}),
        **({"secrets": some(secrets)} if secrets else {}),
        **({"environments": some(runs_in, 1)} if draw(st.integers(0, 2)) == 0 else {}),
    )
    return {"kind": kind, **draw(common), **KIND_DRAWERS[kind](draw, data)}


def variables() -> st.SearchStrategy[Doc]:
    value = texts() | st.integers() | st.booleans() | st.sampled_from([0.5, -1.25])
    return st.dictionaries(st.sampled_from(VARIABLES), value, max_size=3)


@st.composite
def changed(draw: Draw, project: Doc, environment: str, offer: Doc) -> Doc | None:
    """What a project changes in one environment: what that lacks is taken away, and some more is changed."""
    result: Doc = {"workloads": {}}
    here = {
        name: spec
        for name, spec in project["workloads"].items()
        if environment in spec.get("environments", [environment])
    }
    for name, spec in here.items():
        missing = lacking(spec, project, offer)
        wish = draw(st.integers(0, 5))
        if missing is None or wish == 0:
            result["workloads"][name] = None
        elif wish > 1:
            mine = over(draw(CHANGES[spec["kind"]](spec)), draw(maybe(env=overrides_of(spec), args=words())))
            result["workloads"][name] = {**mine, **missing}
        elif missing:
            result["workloads"][name] = missing
    if "data" in project and draw(st.booleans()):
        name = draw(st.sampled_from(list(project["data"])))
        result["data"] = {name: {"path": f"/{environment}/{name}"}}
    kept = {key: value for key, value in result.items() if value}
    return kept or draw(st.sampled_from([{}, None]))


def overrides_of(spec: Doc) -> st.SearchStrategy[Doc | None]:
    """Other variables than before, and some taken away."""
    gone = st.just(dict.fromkeys(spec["env"])) if spec.get("env") else st.just({})
    return variables() | gone


def lacking(spec: Doc, project: Doc, offer: Doc) -> Doc | None:
    """What has to be changed in a workload so that ``offer`` can run it; None where nothing helps."""
    blobs = {name for name, entry in project.get("data", {}).items() if "blob" in entry}
    found: Doc = {}
    if "blob" not in offer.get("storage", {}):
        if spec.get("model", {}).get("data") in blobs:
            return None
        if blobs & set(spec.get("data", [])):
            found["data"] = [name for name in spec["data"] if name not in blobs] or None
    if spec.get("server") in SERVERS_WITH_MODELS and "image" not in spec and "servers" not in offer:
        return None
    if "host" in spec and not {"domain", "network"} <= offer.keys():
        found["host"] = None
    if not set(spec.get("resources", {}).get("gpu", {})) <= set(offer.get("gpus", {})):
        found["resources"] = {"gpu": None}
    if "registry" not in offer and relative(spec.get("image", project["image"])):
        found["image"] = f"ghcr.io/acme/{spec['kind']}"
    return found


def relative(name: str) -> bool:
    return not image.parse(name).absolute


def releases(draw: Draw, project: Doc, offered: Mapping[str, Doc]) -> Tree:
    """Where an environment is protected, a digest for every image; elsewhere whatever is drawn."""
    specs = [project, *project["workloads"].values()]
    for override in project["environments"].values():
        specs += [changed for changed in (override or {}).get("workloads", {}).values() if changed]
    images = {image.parse(spec["image"]).repository for spec in specs if spec.get("image")}
    models = {spec["model"]["name"] for spec in specs if spec.get("model")}
    pinned: Doc = {}
    for name in project["environments"]:
        if "protected" in offered[name]:
            pinned[name] = {"images": {repository: f"{TAGS[0]}{DIGEST}" for repository in sorted(images)}}
        elif draw(st.booleans()):
            pinned[name] = {"images": {repository: draw(st.sampled_from(TAGS)) for repository in sorted(images)}}
            if models and draw(st.booleans()):
                pinned[name]["models"] = {model: draw(st.integers(0, 9)) for model in sorted(models)}
    document = {"apiVersion": "mlgen.dev/v1", "kind": "Releases", "environments": pinned}
    return {f"projects/{project['name']}/releases.yaml": document} if pinned else {}
