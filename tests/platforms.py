"""Whole platform repositories, drawn at random: valid by construction, or so nearly that most are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from hypothesis import reject
from hypothesis import strategies as st
from tests.nasty import STRINGS, kustomize_rewrites

from mlgen import document, emit, image_name, profiles, schema
from mlgen.kinds import KINDS
from mlgen.pipelines import ORCHESTRATORS
from mlgen.pointers import ENGINES
from mlgen.secret_text import looks_like_a_secret
from mlgen.secrets import PROVIDERS
from mlgen.storage import DATA as DATA_KINDS
from mlgen.storage import blob
from mlgen.storage import files as shares

Doc: TypeAlias = dict[str, Any]
DRIVERS: Mapping[str, Any] = {**blob.DRIVERS, **shares.DRIVERS}
ENVIRONMENT: Mapping[str, Any] = schema.load("environment")["properties"]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
Tree: TypeAlias = dict[str, Doc]  # the path of each file -> its document

PROJECTS = ("churn", "eta", "fraud-2", "maps")
ENVIRONMENTS = ("dev", "prod", "qa", "staging", "west-2")
WORKLOADS = ("a", "batch", "lab", "train-x", "serve", "sync")
DATA = ("features", "m", "models", "raw-2")
USERS = ("anna", "ben", "c-3")
VARIABLES = ("EPOCHS", "LEVEL", "_x", "a.b", "lower-case", "TZ")
GPUS = ("a100", "t4")
PRIORITIES = ("batch", "urgent")
TEMPLATES = (
    "{{ project.name }}",
    "run in {{environment.name}}: {% if x %}",
    "{{ environment.name | replace('d', 'x') }}:\n - {{ workload.name | lower }}",
    "{{ release.tag | default('none') }}",
)
IMAGES = ("app", "team/tool:1.4", "ghcr.io/acme/base:2024.1", "localhost:5000/x")
DIGEST = "@sha256:" + "0123456789abcdef" * 4
REQUESTS = ("first training", "1e3", "2026-11-24: again")
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
        fits = len(text) < 300 and kustomize_rewrites(text) and "{{" not in text and not looks_like_a_secret(text)
        return fits and not document.parse(emit.dump({"text": text}).encode(), file="text").problems

    chosen = list(filter(welcome, STRINGS))
    return st.sampled_from(chosen) | st.sampled_from(TEMPLATES)


def some(names: Sequence[str], least: int = 0, most: int = 3) -> st.SearchStrategy[list[str]]:
    """A few of ``names``, each once."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=min(most, len(names)), unique=True)


def registered(drawn: Mapping[str, Any], names: Mapping[str, Any]) -> list[str]:
    """What mlgen has, of what can be drawn."""
    return sorted(drawn.keys() & names.keys())


def maybe(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Doc]:
    """A map with any of these keys."""
    return st.fixed_dictionaries({}, optional=optional)


# ---- data, servers and ways in: a drawer for each entry of mlgen's registries -----------------------------------

ACCESS = st.sampled_from(["read", "write"])
BYTES = st.sampled_from(["512Mi", "2Gi", "1.5Gi", "10G"])
TIMES = st.sampled_from(["30s", "10m", "6h", "2d"])

DATA_DRAWERS: Mapping[str, st.SearchStrategy[Doc]] = {
    "blob": st.fixed_dictionaries(
        {"blob": st.sampled_from(["raw", "tele-2/x/Y_z", "{{ project.name }}-data/in"])},
        optional={"access": ACCESS, "freshness": st.sampled_from(["always", "never", "30s", "1h"])},
    ),
    "claim": st.fixed_dictionaries({"claim": st.sampled_from(["shared", "a.b-c"])}, optional={"access": ACCESS}),
    "files": st.fixed_dictionaries(
        {"files": st.sampled_from(["notes", "shared-1/x/Y_z", "{{ project.name }}-notes"])},
        optional={"access": ACCESS, "size": BYTES},
    ),
    "snapshot": st.fixed_dictionaries({"snapshot": st.sampled_from(["raw-1", "0.1"]), "size": BYTES}),
    "scratch": st.fixed_dictionaries({"scratch": BYTES}, optional={"disk": st.sampled_from(["nvme", "ssd"])}),
}
CLIENT = st.sampled_from(["-".join(digit * count for count in (8, 4, 4, 4, 12)) for digit in "0e7"])
CREDENTIALS: Mapping[str, st.SearchStrategy[Any]] = {
    "secret": st.sampled_from(["key", "0.1"]),
    "identity": st.fixed_dictionaries({"clientId": CLIENT}),
}
ACCOUNT: Mapping[str, st.SearchStrategy[Any]] = {
    "account": st.sampled_from(["acmeml", "0123456"]),
    "resourceGroup": st.sampled_from(["ml", "(1e3)"]),
}


BUCKETS = st.sampled_from(["acme-ml", "1e3"])


def driver(name: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Doc]:
    return st.fixed_dictionaries({"driver": st.just(name), **ACCOUNT, **more})


# The part of `storage` that each driver serves, and what it has to be told.
DRIVER_DRAWERS: Mapping[str, tuple[str, st.SearchStrategy[Doc]]] = {
    "azure-blob": (
        "blob",
        st.sampled_from(sorted(CREDENTIALS)).flatmap(
            lambda key: st.builds(
                over,
                driver("azure-blob", **{key: CREDENTIALS[key]}),
                maybe(hierarchicalNamespace=st.booleans()),
            )
        ),
    ),
    "azure-blob-nfs": ("blob", driver("azure-blob-nfs", connections=st.integers(1, 16))),
    "azure-files": ("files", driver("azure-files", secret=CREDENTIALS["secret"])),
    "gcs": (
        "blob",
        st.fixed_dictionaries(
            {"driver": st.just("gcs"), "egress": st.just(["199.36.153.8/30:443"])}, optional={"bucket": BUCKETS}
        ),
    ),
    "s3": (
        "blob",
        st.fixed_dictionaries(
            {"driver": st.just("s3")},
            optional={
                "bucket": BUCKETS,
                "region": st.just("eu-west-1"),
                "identity": st.sampled_from(["pod", "driver"]),
                "cache": BYTES,
            },
        ),
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
STORED = st.sampled_from(["{{ project.name }}/{{ secret.name }}", "ml-{{ environment.name }}-{{ secret.name }}"])
ALONE = st.just("{{ project.name }}-{{ secret.name }}-{{ secret.key | replace('_', '-') }}")
REPOSITORIES = st.sampled_from(["https://git.example.com/acme/ml.git", "ssh://git@git.example.com:22/acme/1e3.git"])
ENGINE_DRAWERS: Mapping[str, st.SearchStrategy[Doc]] = {
    "argocd": st.fixed_dictionaries(
        {"engine": st.just("argocd"), "repository": REPOSITORIES},
        optional={"destination": st.sampled_from(["https://10.0.0.1:6443", "1e3"]), "revision": st.just("1e3")},
    ),
    "flux": st.fixed_dictionaries(
        {"engine": st.just("flux"), "repository": REPOSITORIES | st.just("oci://acme.example/ml")},
        optional={
            "namespace": st.just("08"),
            "secret": st.sampled_from(["key", "1e3"]),
            "serviceAccount": st.just("flux-{{ project.name }}"),
            "dependsOn": st.just(["operators", "08"]),
        },
    ),
}
PROVIDER_DRAWERS: Mapping[str, st.SearchStrategy[Doc]] = {
    "csi": st.sampled_from([("azure", ALONE), ("vault", STORED)]).flatmap(
        lambda kind: st.fixed_dictionaries(
            {
                "from": st.just("csi"),
                "provider": st.just(kind[0]),
                "path": kind[1],
                "parameters": st.just({"keyvaultName": "1e3", "tenantID": "1.2"}),
            },
        )
    ),
    "existing": st.fixed_dictionaries({"from": st.just("existing")}),
    "external-secrets": st.fixed_dictionaries(
        {"from": st.just("external-secrets"), "store": st.sampled_from(["vault", "1.2"])},
        optional={"kind": st.just("SecretStore"), "path": STORED | ALONE},
    ),
    "sealed-secrets": st.fixed_dictionaries({"from": st.just("sealed-secrets")}),
    "sops": st.fixed_dictionaries({"from": st.just("sops")}, optional={"key": st.just("1e3")}),
}


def _model(draw: Draw, data: Sequence[str]) -> Doc:
    name, version = st.sampled_from(["churn", "0x1F", "A_b.c"]), st.sampled_from([0, 42, 2**63 - 1])
    return {"model": {"data": draw(st.sampled_from(data)), "name": draw(name), "version": draw(version)}}


SERVER_DRAWERS: Mapping[str, Callable[[Draw, Sequence[str]], Doc]] = {
    "custom": lambda draw, _: draw(
        maybe(
            command=words(),
            port=st.integers(1024, 65535),
            health=st.sampled_from(["/", "/ok?x=~"]),
            metrics=maybe(port=st.integers(1024, 65535), path=st.just("/m")),
        )
    ),
    "mlserver": lambda draw, data: _model(draw, data) | {"runtime": draw(st.sampled_from(["mlflow", "sklearn"]))},
    "onnx": _model,
    "ray": lambda draw, _: {"application": draw(st.sampled_from(["a.b:app", "_x:Y1"]))},
    "tensorflow-serving": _model,
    "triton": lambda draw, data: (
        _model(draw, data) | draw(maybe(config=st.sampled_from(["max_batch_size: 8", "#1\n"])))
    ),
    "vllm": lambda draw, data: _model(draw, data) | {"resources": {"gpu": {draw(st.sampled_from(GPUS)): 2}}},
}
SERVERS_WITH_MODELS = frozenset(SERVER_DRAWERS) - {"custom", "ray"}
SERVER_IMAGES = ("mlserver", "tensorflow-serving", "triton", "vllm")


# ---- kinds: what is special in each, and what an environment may change in it -----------------------------------


def words() -> st.SearchStrategy[list[str]]:
    return st.lists(texts(), min_size=1, max_size=3)


def _job(draw: Draw, _: Sequence[str]) -> Doc:
    metrics = st.fixed_dictionaries({"port": st.integers(1024, 65535)}, optional={"path": st.just("/m?x=~")})
    spec: Doc = draw(maybe(command=words(), retries=st.integers(0, 9), timeout=TIMES, metrics=metrics))
    if draw(st.booleans()):
        spec |= {"schedule": draw(st.sampled_from(["0 2 * * *", "@daily", "*/5 1-3 ? jan,Feb sun"]))}
        zones = st.sampled_from(["Europe/Berlin", "Etc/GMT+5"])
        spec |= draw(maybe(timeZone=zones, concurrency=st.sampled_from(["Allow", "Replace"])))
    else:
        spec |= draw(REQUESTED)
    if draw(st.booleans()):
        spec |= {"completions": draw(st.integers(4, 9))} | draw(maybe(parallelism=st.integers(1, 4)))
    return spec


def _notebook(draw: Draw, _: Sequence[str]) -> Doc:
    home = maybe(size=BYTES, path=st.sampled_from(["/home/jovyan", "/root/~x"]))
    users = st.fixed_dictionaries({"users": some(USERS, 1)})
    spec: Doc = draw(users) | draw(maybe(port=st.integers(1024, 65535), command=words(), home=home, idle=TIMES))
    return spec


def _serving(draw: Draw, data: Sequence[str]) -> Doc:
    servers = [name for name in SERVER_DRAWERS if data or name not in SERVERS_WITH_MODELS]
    server = draw(st.sampled_from(servers))
    more = maybe(startup=TIMES, host=st.sampled_from(["a", "x-1.{{ project.name }}"]), replicas=REPLICAS)
    spec: Doc = {"server": server} | SERVER_DRAWERS[server](draw, data) | draw(more)
    if "host" in spec:
        other: Doc = {"image": f"r.example/next:1{DIGEST}"} if server == "custom" else {"version": 43}
        spec |= draw(maybe(canary=st.integers(0, 100).map(lambda weight: {**other, "weight": weight})))
    return spec


def _training(draw: Draw, _: Sequence[str]) -> Doc:
    found: Doc = draw(maybe(command=words(), workers=st.integers(1, 3), retries=st.integers(0, 9), timeout=TIMES))
    return {**found, **draw(REQUESTED)}


def _pytorch(draw: Draw, data: Sequence[str]) -> Doc:
    found = _training(draw, data)
    return {**found, **draw(maybe(sharedMemory=st.sampled_from(["128Mi", "1.5M"])))}


def _tensorflow(draw: Draw, data: Sequence[str]) -> Doc:
    found = _training(draw, data)
    if found.get("workers", 1) > 1:
        found |= draw(maybe(chief=st.booleans(), ps=st.integers(1, 2), evaluator=st.booleans()))
    return found


def _mpi(draw: Draw, data: Sequence[str]) -> Doc:
    found = {"command": draw(words()), **_training(draw, data)}
    launcher = maybe(cpu=st.sampled_from([1, "250m"]), memory=BYTES)
    return {**found, **draw(maybe(slots=st.integers(1, 8), launcher=launcher))}


def _ray(draw: Draw, data: Sequence[str]) -> Doc:
    found = {"command": draw(words()), **_training(draw, data)}
    head = maybe(cpu=st.sampled_from([1, "250m"]), memory=BYTES)
    return {**found, **draw(maybe(head=head, version=st.just("2.52.0")))}


def _sweep(draw: Draw, _: Sequence[str]) -> Doc:
    listed = st.sampled_from([[1, 0.5, 1e-05], ["adam", "1e3", "yes"], [True, False]])
    found = {"command": draw(words()), "parameters": {"a.b": draw(listed), "depth": {"min": 2, "max": 9, "step": 3}}}
    if draw(st.booleans()):
        found["parameters"]["rate"] = {"min": 0.0001, "max": 1, "scale": "log"}
        found |= {"algorithm": "random", "trials": draw(st.integers(1, 5))} | draw(maybe(seed=st.integers(0, 9)))
    more = maybe(parallel=st.integers(1, 9), failures=st.integers(0, 2), retries=st.integers(0, 9), timeout=TIMES)
    return {**found, **draw(more), **draw(maybe(objective=st.just({"metric": "e3"}))), **draw(REQUESTED)}


def _spark(draw: Draw, _: Sequence[str]) -> Doc:
    pods = {"cpu": st.sampled_from([1, 2.5, "500m"]), "memory": st.sampled_from(["2Gi", "12Gi"])}
    number = st.fixed_dictionaries({"count": st.integers(1, 4)})
    span = st.fixed_dictionaries({"min": st.integers(0, 2), "max": st.integers(2, 4)})
    executors = draw(number | span) | draw(maybe(**pods))
    conf = st.dictionaries(st.sampled_from(["spark.x", "spark.hadoop.a.b"]), st.sampled_from(["1e3", "yes", 400]))
    main = draw(st.sampled_from([{"main": "local:///a.py"}, {"main": "local:///a.jar", "mainClass": "a.B"}]))
    more = maybe(driver=maybe(**pods), conf=conf, retries=st.integers(0, 9))
    spec: Doc = {**main, "executors": executors, **draw(more)}
    if draw(st.booleans()):
        spec |= {"schedule": "@daily"} | draw(maybe(timeZone=st.just("Etc/GMT+5"), concurrency=st.just("Replace")))
    else:
        spec |= draw(REQUESTED)
    return spec


REQUESTED = maybe(run=st.sampled_from(["change", "request"]))
# Whatever overrides what: the least is never above the most.
REPLICAS = maybe(min=st.integers(1, 4), max=st.integers(4, 9), cpu=st.sampled_from(["1%", "70%", "100%"]))

KIND_DRAWERS: Mapping[str, Callable[[Draw, Sequence[str]], Doc]] = {
    "job": _job,
    "mpi": _mpi,
    "notebook": _notebook,
    "pytorch": _pytorch,
    "ray": _ray,
    "serving": _serving,
    "spark": _spark,
    "sweep": _sweep,
    "tensorflow": _tensorflow,
}
NOT_FOR = {
    "spark": ("resources",),
    "mlserver": ("args",),
    "serving": ("spot",),
    "notebook": ("spot",),
}  # what most kinds have and some do not


def _less_of_a_job(spec: Doc) -> st.SearchStrategy[Doc]:
    once: Doc = {key: None for key in ("schedule", "timeZone", "concurrency") if key in spec}
    return maybe(retries=st.none() | st.integers(0, 9), timeout=st.none() | TIMES) | st.just(once)


def _less_of_a_training(spec: Doc) -> st.SearchStrategy[Doc]:
    return maybe(retries=st.none() | st.integers(0, 9), runAsUser=st.integers(1, 2**31 - 1))


def _less_of_a_spark(spec: Doc) -> st.SearchStrategy[Doc]:
    once: Doc = {key: None for key in ("schedule", "timeZone", "concurrency") if key in spec}
    more = st.fixed_dictionaries({"memory": st.sampled_from(["3Gi", "10G"])}, optional={"cpu": st.just("1500m")})
    return maybe(retries=st.none() | st.integers(0, 9), driver=more, executors=more) | st.just(once)


def _less_of_a_notebook(spec: Doc) -> st.SearchStrategy[Doc]:
    return maybe(users=some(USERS, 1), port=st.integers(1024, 65535), home=maybe(size=BYTES))


def _less_of_serving(spec: Doc) -> st.SearchStrategy[Doc]:
    held = ("host",) if "canary" in spec else ("canary",)  # a canary goes before its host
    keys = {"host", "canary", "replicas", "startup", "port", "health"}.difference(held)
    gone: list[Doc] = [{key: None} for key in sorted(keys) if key in spec]
    gone += [{"replicas": {"max": None}}] if "max" in spec.get("replicas", {}) else []
    fewer: st.SearchStrategy[Doc] = st.sampled_from(gone) if gone else st.just({})
    return fewer | maybe(replicas=REPLICAS, startup=TIMES)


# ---- the escape hatch: parts of objects laid over a workload's own, and whole objects beside them ---------------

ANNOTATED = ("ServiceAccount",)  # what every workload has, whatever its back-end


def certain(spec: Doc) -> list[str]:
    """Kinds of objects that a workload becomes, whatever environments offer and change."""
    once, alone = "schedule" not in spec, spec.get("workers", 1) == 1
    runs = {
        "job": "Job",
        "mpi": "MPIJob",
        "ray": "RayJob",
        "spark": "SparkApplication",
        "pytorch": "Job",
        "tensorflow": "Job",
    }
    found = [*ANNOTATED]
    found += [runs[spec["kind"]]] if spec["kind"] in runs and once and (alone or spec["kind"] in ("mpi", "ray")) else []
    found += {"serving": ["Deployment", "Service"], "notebook": ["PersistentVolumeClaim"]}.get(spec["kind"], [])
    return found


def patches(spec: Doc, least: int = 1) -> st.SearchStrategy[list[Doc]]:
    """Some patches that hit; what they say may be what is so anyway."""
    return st.lists(st.sampled_from(certain(spec)).flatmap(patch), min_size=least, max_size=2)


def patch(kind: str) -> st.SearchStrategy[Doc]:
    """A patch of an object of that ``kind``: its annotations, and what its pods have of their own."""
    annotations = st.fixed_dictionaries(
        {"annotations": st.dictionaries(st.sampled_from(["a.b/c", "1e3x"]), texts(), min_size=1)}
    )
    more: Mapping[str, st.SearchStrategy[Doc]] = {
        "Deployment": maybe(minReadySeconds=st.integers(0, 9), revisionHistoryLimit=st.none(), template=template()),
        "Job": maybe(backoffLimit=st.integers(0, 9), template=template()),
        "SparkApplication": maybe(
            sparkConf=st.sampled_from([{"spark.y": "1e3"}, {"spark.ui.prometheus.enabled": None}])
        ),
    }
    spec = more.get(kind, st.just({}))
    return st.builds(
        lambda metadata, spec: {"kind": kind, "metadata": metadata} | ({"spec": spec} if spec else {}),
        annotations,
        spec,
    )


def template() -> st.SearchStrategy[Doc]:
    """A part of a pod template: a value, something taken away, a list whose items have no names, one whose have."""
    pod = maybe(
        terminationGracePeriodSeconds=st.integers(1, 99),
        enableServiceLinks=st.none(),
        tolerations=st.lists(st.just({"key": "x", "operator": "Exists"}), max_size=2),
        hostAliases=st.just([{"ip": "10.0.0.1", "hostnames": ["a.example"]}]),
    )
    return st.fixed_dictionaries({"spec": pod})


@st.composite
def manifests(draw: Draw, project: str) -> tuple[list[Any], Tree]:
    """A whole object of ``project``, in its spec or in a file of its own. Another project may share the namespace."""
    body = draw(extra(f"{project}{draw(st.sampled_from(['-more', '.1e3']))}"))
    if draw(st.booleans()):
        return [body], {}
    return ["manifests/more.yaml"], {f"projects/{project}/manifests/more.yaml": body}


def extra(name: str) -> st.SearchStrategy[Doc]:
    """A native object, one that is in no namespace, or one that gives an account rights in its own."""
    texts_by_key = st.dictionaries(st.sampled_from(["a", "B.c", "1e3"]), texts(), min_size=1)
    subject = {"kind": "ServiceAccount", "name": "default"}
    role: Doc = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    bodies: list[st.SearchStrategy[Doc]] = [
        st.fixed_dictionaries({"apiVersion": st.just("v1"), "kind": st.just("ConfigMap"), "data": texts_by_key}),
        st.just({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "roleRef": role}).map(
            lambda body: body | {"subjects": [subject]}
        ),
        st.just({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": 1000, "description": "1e3"}),
    ]
    labels = maybe(labels=st.just({"a.b/c": "1e3"}), annotations=st.just({"x": "yes"}))
    head = labels.map(lambda more: {"name": name, **more})
    return st.builds(lambda body, metadata: {**body, "metadata": metadata}, st.one_of(bodies), head)


CHANGES: Mapping[str, Callable[[Doc], st.SearchStrategy[Doc]]] = {
    "job": _less_of_a_job,
    "mpi": _less_of_a_training,
    "notebook": _less_of_a_notebook,
    "pytorch": _less_of_a_training,
    "ray": _less_of_a_training,
    "serving": _less_of_serving,
    "spark": _less_of_a_spark,
    "sweep": _less_of_a_training,
    "tensorflow": _less_of_a_training,
}
DEFAULTS: Mapping[str, st.SearchStrategy[Doc]] = {
    "job": maybe(retries=st.integers(0, 9), timeout=TIMES),
    "notebook": maybe(home=maybe(size=BYTES)),
    "pytorch": maybe(retries=st.integers(0, 9)),
    "spark": maybe(retries=st.integers(0, 9)),
    "tensorflow": maybe(timeout=TIMES),
    "serving": maybe(replicas=REPLICAS, startup=TIMES),
}


# ---- environments -----------------------------------------------------------------------------------------------


@st.composite
def environments(draw: Draw) -> dict[str, Doc]:
    """Base and one to three others, by name; the others say only what they change."""
    common: Doc = draw(offers()) | draw(places_to_be(1)) | draw(maybe(namespace=namespaces(), connections=CONNECTIONS))
    found = {"base": common}
    for name in draw(some(ENVIRONMENTS, 1)):
        own: Doc = draw(offers()) | draw(places_to_be(3)) | draw(maybe(connections=CONNECTIONS))
        if draw(st.integers(0, 3)) == 0:
            own |= {"protected": True, "servers": dict.fromkeys(SERVER_IMAGES, f"tf.example/{name}:1.0{DIGEST}")}
        found[name] = readable(common, own | instead(common, own))
    return found


def readable(base: Doc, own: Doc) -> Doc:
    """``own`` with other secrets where it would have Argo CD apply encrypted ones."""
    whole = over(base, own)
    if whole.get("secrets", {}).get("from") != "sops" or whole.get("gitops", {}).get("engine") != "argocd":
        return own
    keys = {**base.get("secrets", {}), **own.get("secrets", {})}
    return own | {"secrets": {**dict.fromkeys(keys), "from": "existing"}}


def instead(base: Doc, own: Doc) -> Doc:
    """What an environment has to take away from base where it has its own of what there can be only one of."""
    result: Doc = {}
    if "network" in own:
        gone = base.get("network", {}).keys() - own["network"].keys()
        result["network"] = {**own["network"], **dict.fromkeys(gone)}
    result |= {
        key: part for name in ("secrets", "gitops", "scheduler") for key, part in exchanged(name, base, own).items()
    }
    if "storage" in own:
        parts = base.get("storage", {})
        result["storage"] = {
            part: {**entry, **dict.fromkeys(parts.get(part, {}).keys() - entry.keys())}
            for part, entry in own["storage"].items()
            if part != "disks" or part not in parts
        }
    return result


def exchanged(name: str, base: Doc, own: Doc) -> Doc:
    """The same of where secrets come from, and of who delivers."""
    return {name: {**dict.fromkeys(base.get(name, {})), **own[name]}} if name in own else {}


@st.composite
def places_to_be(draw: Draw, chance: int) -> Doc:
    """Where things are in an environment; storage and ways in are there with ``chance`` in four."""
    own: Doc = {"namespace": draw(namespaces())} if draw(st.integers(0, 3)) == 0 else {}
    if draw(st.integers(0, 3)) < chance:
        own["storage"] = draw(storage())
    if draw(st.integers(0, 3)) < chance:
        way = draw(st.sampled_from(sorted(EXPOSURE_DRAWERS)))
        own |= {"domain": "ml.example.com", "network": draw(closed(way))}
    return own


NEAR = st.fixed_dictionaries({"level": st.just("a.b/1e3")}, optional={"required": st.booleans()})


def offers() -> st.SearchStrategy[Doc]:
    registry = st.fixed_dictionaries(
        {"host": st.sampled_from(["acme.example", "localhost:5000", "r.example/ml"])},
        optional={"pullSecret": st.sampled_from(["acr", "08"])},
    )
    gpu = st.fixed_dictionaries(
        {"resource": st.sampled_from(["nvidia.com/gpu", "x.y/1e3"]), "total": st.just(10**6)},
        optional={
            "nodeSelector": st.dictionaries(st.sampled_from(["accelerator", "a.b/c"]), st.sampled_from(["t4", "1e3"])),
            "tolerations": st.just([{"key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule"}]),
        },
    )
    watched = st.fixed_dictionaries(
        {"from": st.just("prometheus-operator")},
        optional={"labels": st.just({"release": "1e3"}), "dashboards": st.booleans()},
    )
    delivered = st.one_of(*(ENGINE_DRAWERS[name] for name in registered(ENGINE_DRAWERS, ENGINES)))
    ranked = st.fixed_dictionaries({}, optional={"class": st.sampled_from(["ml-batch", "1e3"])})
    later = {"monitoring": watched, "gitops": delivered, "quota": st.just({"cpu": 10**6, "memory": "900Ti"})}
    return maybe(
        **{key: strategy for key, strategy in later.items() if key in ENVIRONMENT},
        kubernetes=st.sampled_from([f"1.{minor}" for minor in range(30, 38)]),
        history=st.sampled_from(["keep", "prune"]),
        registry=registry,
        servers=st.just(dict.fromkeys(SERVER_IMAGES, "docker.io/tensorflow/serving:2.19.0")),
        podSecurity=st.sampled_from(["restricted", "baseline", "privileged"]),
        gpus=st.dictionaries(st.sampled_from(GPUS), gpu, min_size=1),
        priorities=st.dictionaries(st.sampled_from(PRIORITIES), ranked, min_size=1),
        scheduler=st.fixed_dictionaries({"from": st.just("volcano")}, optional={"queue": st.just("1e3")})
        | st.fixed_dictionaries({"from": st.just("coscheduling")}, optional={"name": st.just("0.1")}),
        topology=NEAR,
        spot=st.fixed_dictionaries(
            {"nodeSelector": st.just({"example.com/spot": "1e3"})},
            optional={"tolerations": st.just([{"key": "spot", "operator": "Exists"}])},
        ),
        secrets=st.one_of(*(PROVIDER_DRAWERS[name] for name in registered(PROVIDER_DRAWERS, PROVIDERS))),
        platform=st.sampled_from(profiles.names())
        | maybe(
            profile=st.sampled_from(profiles.names()),
            pipelines=st.sampled_from(sorted(ORCHESTRATORS)),
            **{kind: st.sampled_from(sorted(backends)) for kind, backends in KINDS.items()},
        ),
        pipelines=st.just({"image": f"docker.io/library/python:3.13-slim{DIGEST}"}),
        defaults=maybe(**{kind: DEFAULTS[kind] for kind in KINDS if kind in DEFAULTS}),
        queue=st.fixed_dictionaries({"from": st.sampled_from(["kueue-0.14", "kueue-0.19"]), "cluster": st.just("1e3")}),
    ).map(with_queue)


def with_queue(offer: Doc) -> Doc:
    """``offer`` with who goes first in its queue; without a queue nobody does."""
    if "queue" not in offer:
        return offer
    ahead = {"priorities": {name: {**one, "queue": "0.1"} for name, one in offer.get("priorities", {}).items()}}
    return offer | (ahead if "priorities" in offer else {})


OWN = "ml-{{ project.name }}-{{ environment.name }}"
# The variables of each are its own: nothing else sets them.
CONNECTIONS = st.just(
    {
        "hub": {"env": {"HUB": "{{ project.name }}.{{ environment.name }}:1e3"}, "egress": ["internet"]},
        "store": {"secret": ["STORE_KEY", "_store"]},
        "warehouse": {"env": {"DW_PORT": 5432}, "secret": ["DW_KEY"], "egress": ["10.0.0.0/16:5432"]},
    }
).flatmap(lambda offered: some(sorted(offered), 1).map(lambda names: {name: offered[name] for name in names}))


def namespaces() -> st.SearchStrategy[Any]:
    return st.sampled_from(
        [
            OWN,
            "{{ project.name }}",
            {"existing": "shared"},
            {"existing": "on-{{ environment.name }}"},
        ]
    )


def closed(way: str) -> st.SearchStrategy[Doc]:
    """A way in, in an environment where pods reach only what they declare, or in an open one."""
    inside = EXPOSURE_DRAWERS[way]
    if "default" not in ENVIRONMENT["network"]["properties"]:
        return st.fixed_dictionaries({way: inside})
    known = st.builds(over, inside, st.fixed_dictionaries({"proxies": st.sampled_from(["ingress", "10.1.0.0/24"])}))
    return st.fixed_dictionaries({way: inside}) | st.fixed_dictionaries({way: known, "default": st.just("deny")})


@st.composite
def storage(draw: Draw) -> Doc:
    """Any of the parts of storage, each by one of its drivers, and disks for scratch."""
    name = st.sampled_from(["fast", "1e3"])
    home = st.fixed_dictionaries({"storageClass": name})
    found: Doc = draw(maybe(home=home, snapshots=st.builds(over, home, maybe(shared=st.booleans()))))
    for driver_name in draw(some(registered(DRIVER_DRAWERS, DRIVERS), 1)):
        part, strategy = DRIVER_DRAWERS[driver_name]
        found[part] = draw(strategy)
    labels = maybe(nodeSelector=st.just({"disk": "1e3"}))
    claims = st.fixed_dictionaries({"storageClass": name})
    folders = st.builds(over, labels, st.fixed_dictionaries({"hostPath": st.just("/mnt/nvme")}))
    disks = st.dictionaries(st.sampled_from(["nvme", "ssd"]), claims | folders, min_size=1)
    return found | (draw(maybe(disks=disks)) if "disks" in ENVIRONMENT["storage"]["properties"] else {})


# ---- projects ---------------------------------------------------------------------------------------------------


@st.composite
def platforms(draw: Draw) -> Tree:
    """One to three environments beside base, and one to three projects with their releases."""
    tree: Tree = {
        f"environments/{name}.yaml": {"apiVersion": "mlgen.dev/v1", "kind": "Environment", "name": name, **offer}
        for name, offer in draw(environments()).items()
    }
    offered = offers_of(tree)
    for name in draw(some(PROJECTS, 1)):
        tree |= draw(project(name, offered))
    return sealed(tree)


def offers_of(tree: Tree) -> dict[str, Doc]:
    """What each environment but base offers in the end, by its name."""
    own = {str(document["name"]): document for path, document in tree.items() if path.startswith("environments/")}
    own = {name: spelt_out(offer) for name, offer in own.items()}
    return {name: profiled(over(own["base"], offer)) for name, offer in own.items() if name != "base"}


def spelt_out(offer: Doc) -> Doc:
    """An offer whose platform is a map."""
    named = offer.get("platform")
    return {**offer, "platform": {"profile": named}} if isinstance(named, str) else offer


def profiled(offer: Doc) -> Doc:
    """An offer with what its profile says."""
    platform = offer.get("platform", {})
    named = profiles.load(platform["profile"]).platform if "profile" in platform else {}
    return {**offer, "platform": {**named, **platform}}


@st.composite
def project(draw: Draw, name: str, offered: Mapping[str, Doc]) -> Tree:
    """A project that runs in some of the environments ``offered``, and perhaps its releases."""
    runs_in = draw(some(list(offered), 1))
    spec: Doc = {"apiVersion": "mlgen.dev/v1", "kind": "Project", "name": name, "owner": "growth-ml"}
    spec |= draw(maybe(description=st.sampled_from(["Which drivers?", "1e3", "a: b #c"])))
    spec |= {"image": draw(st.sampled_from(IMAGES))}
    spec |= draw(maybe(data=st.dictionaries(st.sampled_from(DATA), data_entry(), min_size=1, max_size=3)))
    spec |= draw(maybe(secrets=st.just({"maps": ["MAPS_KEY"], "w-2": ["DW_USER", "_dw"]})))
    everywhere = set.intersection(*(set(offered[key].get("connections", {})) for key in runs_in))
    spec |= draw(maybe(connections=some(sorted(everywhere)))) if everywhere else {}
    names = draw(some(WORKLOADS, 1, 4))
    more = sorted(everywhere - set(spec.get("connections", [])))
    spec["workloads"] = {key: draw(workload(spec, runs_in)) | connected(draw, more) for key in names}
    spec["environments"] = {key: draw(changed(spec, key, offered[key])) for key in runs_in}
    found = {key: plan for key in draw(some(PIPELINES)) if (plan := draw(pipeline(spec))) is not None}
    spec |= {"pipelines": found} if found else {}
    beside: Tree = {}
    if draw(st.integers(0, 3)) == 0:
        spec["manifests"], beside = draw(manifests(name))
    return {f"projects/{name}/mlgen.yaml": spec} | beside | releases(draw, spec, offered)


@st.composite
def pipeline(draw: Draw, project: Doc) -> Doc | None:
    """Some workloads one after another, or each after some of those before it, where all of them run."""
    fit = [name for name, spec in project["workloads"].items() if fits(spec)]
    if not fit:
        return None
    steps = draw(some(fit, 1))
    here = [name for name, patch in project["environments"].items() if not set(steps) & gone_in(patch)]
    if not here:
        return None
    graph = {
        name: draw(maybe(after=some(steps[:index], 1), retries=st.integers(0, 2)) if index else maybe())
        for index, name in enumerate(steps)
    }
    more = maybe(
        timeZone=st.sampled_from(["Europe/Berlin", "Etc/GMT+5"]),
        parameters=st.dictionaries(st.sampled_from(["DAY", "P-1", "_y"]), PARAMETERS, min_size=1),
        retries=st.integers(0, 2),
        timeout=TIMES,
        concurrency=st.sampled_from(["Allow", "Replace"]),
        suspend=st.booleans(),
        **({"onFailure": st.sampled_from(others)} if (others := [name for name in fit if name not in steps]) else {}),
    )
    found: Doc = {
        "schedule": draw(st.sampled_from(["0 2 * * *", "@weekly"])),
        "steps": draw(st.sampled_from([steps, graph])),
    }
    found |= draw(more)
    told = found.get("onFailure")
    here = [name for name in here if told not in gone_in(project["environments"][name])]
    return {**found, "environments": here} if here else None


PIPELINES = ("nightly", "p-1")
PARAMETERS = st.sampled_from(
    ["{{ scheduled.date }}", "a/{{ scheduled.time }}/{{ project.name }}", "1e3", 0.5, True, "x y"]
)


def fits(spec: Doc) -> bool:
    """Whether a workload can be a step; a patch may have what Argo Workflows would fill in."""
    ends = spec["kind"] not in ("notebook", "serving")
    return (
        ends and "schedule" not in spec and spec.get("run") != "request" and not {"patches", "environments"} & {*spec}
    )


def gone_in(patch: Doc | None) -> set[str]:
    """The workloads that an environment takes away."""
    return {name for name, change in ((patch or {}).get("workloads") or {}).items() if change is None}


def connected(draw: Draw, offered: Sequence[str]) -> Doc:
    """Perhaps some connections of a workload's own."""
    found: Doc = draw(maybe(connections=some(offered))) if offered else {}
    return found


def sealed(tree: Tree) -> Tree:
    """``tree`` with a sealed file for each secret in each environment that takes such, and no others."""
    found = {path: document for path, document in tree.items() if "/secrets/" not in path}
    offered = offers_of(tree)
    for path, spec in tree.items():
        for name in spec["environments"] if path.endswith("/mlgen.yaml") else ():
            source = offered[name].get("secrets", {}).get("from")
            if source in WRITTEN:
                shared = {key: entry.get("secret") for key, entry in offered[name].get("connections", {}).items()}
                for key, keys in {**shared, **spec.get("secrets", {})}.items():
                    if keys:
                        document = WRITTEN[source](key, keys, spec["name"], name, offered[name].get("namespace", OWN))
                        found[f"projects/{spec['name']}/secrets/{name}/{key}.yaml"] = document
    return found


def sealed_secret(name: str, keys: Sequence[str], project: str, environment: str, namespace: Any) -> Doc:
    """What `kubeseal` would write; nobody here can open it anyway."""
    shared = isinstance(namespace, dict)
    text = str(namespace["existing"] if shared else namespace)
    text = text.replace("{{ project.name }}", project).replace("{{ environment.name }}", environment)
    return {
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": {"name": f"{project}-{name}" if shared else name, "namespace": text},
        "spec": {"encryptedData": dict.fromkeys(keys, "AgB1e3+/0x1F="), "template": {"type": "Opaque"}},
    }


def encrypted_secret(name: str, keys: Sequence[str], project: str, environment: str, namespace: Any) -> Doc:
    """What SOPS would write."""
    metadata = sealed_secret(name, keys, project, environment, namespace)["metadata"]
    value = "ENC[AES256_GCM,data:1e3+/=,iv:0x1F=,tag:08=,type:str]"
    sops = {"age": [{"recipient": "age1", "enc": "-----\n1e3\n"}], "mac": value, "version": "3.10"}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata,
        "data": dict.fromkeys(keys, value),
        "sops": sops,
    }


WRITTEN = {"sealed-secrets": sealed_secret, "sops": encrypted_secret}


@st.composite
def data_entry(draw: Draw) -> Doc:
    kind = draw(st.sampled_from(registered(DATA_DRAWERS, DATA_KINDS)))
    entry: Doc = draw(DATA_DRAWERS[kind]) | draw(maybe(path=st.uuids().map(lambda some: f"/mnt/{some}")))
    return entry


@st.composite
def workload(draw: Draw, project: Doc, runs_in: Sequence[str]) -> Doc:
    kind = draw(st.sampled_from(registered(KIND_DRAWERS, KINDS)))
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
        egress=destinations(),
        priority=st.sampled_from(PRIORITIES),
        spot=st.booleans(),
        **({"data": some(data)} if data else {}),
        **({"secrets": some(secrets)} if secrets else {}),
        **({"environments": some(runs_in, 1)} if draw(st.integers(0, 2)) == 0 else {}),
    )
    own = KIND_DRAWERS[kind](draw, [name for name in data if "scratch" not in project["data"][name]])
    other = (*NOT_FOR.get(kind, ()), *NOT_FOR.get(own.get("server", ""), ()))
    shared = {key: value for key, value in draw(common).items() if key not in other}
    written = [name for name in shared.get("data", []) if project["data"][name].get("access") == "write"]
    logs = [{"tensorboard": f"{name}/logs"} for name in written if kind in ("pytorch", "tensorflow", "mpi")]
    logs += [{"history": f"{name}/logs"} for name in written if kind == "spark"]
    found: Doc = {"kind": kind, **shared, **own, **draw(st.sampled_from([{}, *logs]))}
    return found | (draw(maybe(patches=patches(found))) if draw(st.booleans()) else {})


def destinations() -> st.SearchStrategy[list[Any]]:
    """Where pods may connect to from a closed network."""
    chosen = st.sampled_from(["internet", "10.0.0.0/16:5432", "[fd00::/8]", "10.1.2.3"])
    inside = st.fixed_dictionaries({"namespace": st.sampled_from(["mlops", "on"])}, optional={"port": st.just(5000)})
    return st.lists(
        chosen | inside, max_size=3, unique_by=lambda one: repr(sorted(one.items()) if isinstance(one, dict) else one)
    )


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
    nothing = draw(st.integers(0, 5)) == 0
    for name, spec in here.items():
        missing = lacking(spec, project, offer)
        wish = 0 if nothing else draw(st.integers(0, 5))
        if missing is None or wish == 0:
            result["workloads"][name] = None
        elif wish > 1:
            more: dict[str, st.SearchStrategy[Any]] = {"env": overrides_of(spec)} | (
                {} if spec.get("server") == "mlserver" else {"args": words()}
            )
            if "patches" in spec:
                more |= {"patches": patches(spec, least=0)}
            mine = over(draw(CHANGES[spec["kind"]](spec)), draw(maybe(**more)))
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
    away = {name for name, entry in project.get("data", {}).items() if not mountable(entry, offer)}
    found: Doc = {}
    if spec.get("model", {}).get("data") in away or unable(spec, offer):
        return None
    if away & set(spec.get("data", [])):
        found["data"] = [name for name in spec["data"] if name not in away] or None
    for key in ("tensorboard", "history"):
        if spec.get(key, "").partition("/")[0] in away:
            found[key] = None
    if spec.get("server") in SERVERS_WITH_MODELS and "image" not in spec and "servers" not in offer:
        return None
    if "host" in spec and not {"domain", "network"} <= offer.keys():
        found["host"] = None
    if "canary" in spec and "gateway" not in offer.get("network", {}):
        found["canary"] = None
    if not set(spec.get("resources", {}).get("gpu", {})) <= set(offer.get("gpus", {})):
        if spec.get("server") == "vllm":
            return None
        found["resources"] = {"gpu": None}
    alone = spec["kind"] in ("job", "spark") or (spec["kind"] in ("pytorch", "tensorflow") and "workers" not in spec)
    if spec.get("spot") and not ("spot" in offer and alone):  # several that train together need a retry, too
        found["spot"] = None
    if "priority" in spec and spec["priority"] not in offer.get("priorities", {}):
        found["priority"] = None
    if "registry" not in offer and relative(str(spec.get("image", project["image"]))):
        found["image"] = f"ghcr.io/acme/{spec['kind']}"
    return found


def mountable(entry: Doc, offer: Doc) -> bool:
    """Whether an environment that offers this can mount the entry."""
    stores = offer.get("storage", {})
    if "disk" in entry:
        disk = stores.get("disks", {}).get(entry["disk"])
        return disk is not None and ("hostPath" not in disk or offer.get("podSecurity") == "privileged")
    return all(kind in stores for kind in ("blob", "files") if kind in entry)


NOT_QUEUED = ("kubeflow-trainer-2.0", "kubeflow-trainer-2.1")  # Kueue knows no field of theirs


def unable(spec: Doc, offer: Doc) -> bool:
    """Whether ``offer`` has nothing that runs such a kind, or so many pods of it."""
    backend = offer.get("platform", {}).get(spec["kind"], "job")
    if spec["kind"] == "mpi":
        return bool("queue" in offer or backend == "job" or offer.get("podSecurity", "restricted") == "restricted")
    if spec["kind"] == "sweep" and backend != "job":
        return bool("objective" not in spec or offer.get("network", {}).get("default") == "deny")
    if spec["kind"] == "ray":
        return bool(backend == "job" or offer.get("network", {}).get("default") == "deny")
    if backend == "apache-spark-operator-1.0" and ("schedule" in spec or "queue" in offer):
        return True
    alone = spec.get("workers", 1) == 1
    if spec["kind"] == "spark" and offer.get("queue", {}).get("from") == "kueue-0.14":
        return True
    if "queue" in offer and ((backend in NOT_QUEUED and not alone) or "max" in spec.get("executors", {})):
        return True
    if backend == "kubeflow-trainer-2.0" and spec.get("workers", 1) > 1:
        return bool(offer.get("network", {}).get("default") == "deny")
    return (
        spec["kind"] in ("spark", "tensorflow")
        and backend == "job"
        and (spec["kind"] == "spark" or spec.get("workers", 1) > 1)
    )


def relative(name: str) -> bool:
    return not image_name.parse(name).absolute


def releases(draw: Draw, project: Doc, offered: Mapping[str, Doc]) -> Tree:
    """Where an environment is protected, a digest for every image; elsewhere whatever is drawn."""
    specs = [project, *project["workloads"].values()]
    for override in project["environments"].values():
        specs += [changed for changed in (override or {}).get("workloads", {}).values() if changed]
    images = {image_name.parse(str(spec["image"])).repository for spec in specs if spec.get("image")}
    models = {spec["model"]["name"] for spec in specs if spec.get("model")}
    asked = [key for key, spec in project["workloads"].items() if "run" in spec]
    pinned: Doc = {}
    for name in project["environments"]:
        if "protected" in offered[name]:
            pinned[name] = {"images": dict.fromkeys(sorted(images), f"{TAGS[0]}{DIGEST}")}
        elif draw(st.booleans()):
            pinned[name] = {"images": {repository: draw(st.sampled_from(TAGS)) for repository in sorted(images)}}
            if models and draw(st.booleans()):
                pinned[name]["models"] = {model: draw(st.integers(0, 9)) for model in sorted(models)}
        if asked and draw(st.booleans()):
            wanted = draw(some(asked, 1))
            pinned.setdefault(name, {})["runs"] = {run: draw(st.sampled_from(REQUESTS)) for run in wanted}
    document = {"apiVersion": "mlgen.dev/v1", "kind": "Releases", "environments": pinned}
    return {f"projects/{project['name']}/releases.yaml": document} if pinned else {}


# ---- changes --------------------------------------------------------------------------------------------------------


class Changed(NamedTuple):
    """A platform before and after a change to ``project`` (None: to all) in ``environment`` (None: in all)."""

    before: Tree
    after: Tree
    project: str | None
    environment: str | None


@st.composite
def changes_of_an_environment(draw: Draw) -> Changed:
    """The environment's file, what a project changes there, or its release, drawn anew."""
    tree = draw(platforms())
    offered = offers_of(tree)
    name = draw(st.sampled_from(sorted(offered)))
    path = f"environments/{name}.yaml"
    if draw(st.booleans()):
        own = {**tree[path], **draw(offers()), "namespace": draw(namespaces())}
        for key in ("secrets", "gitops", "scheduler"):
            own |= exchanged(key, tree["environments/base.yaml"], own)
        own = readable(tree["environments/base.yaml"], own)
        return Changed(tree, sealed({**tree, path: own}), None, name)
    specs = [path for path, document in tree.items() if name in document.get("environments", {})]
    specs = [path for path in specs if path.endswith("mlgen.yaml")]
    if not specs:
        reject()
    path = draw(st.sampled_from(specs))
    spec = tree[path]
    spec = {**spec, "environments": {**spec["environments"], name: draw(changed(spec, name, offered[name]))}}
    pins = path.replace("mlgen.yaml", "releases.yaml")
    old, new = tree.get(pins, {}), releases(draw, spec, offered).get(pins, {})
    here = {key: entry for key, entry in old.get("environments", {}).items() if key != name}
    here |= {key: entry for key, entry in new.get("environments", {}).items() if key == name}
    after = {**tree, path: spec} | ({pins: {**(old or new), "environments": here}} if old or new else {})
    return Changed(tree, sealed(after), spec["name"], name)


@st.composite
def changes_of_a_project(draw: Draw) -> Changed:
    """One project drawn anew, or taken away."""
    tree = draw(platforms())
    name = draw(st.sampled_from(sorted({path.split("/")[1] for path in tree if path.startswith("projects/")})))
    others = {path: document for path, document in tree.items() if f"/{name}/" not in path}
    return Changed(tree, sealed(others | draw(st.just({}) | project(name, offers_of(tree)))), name, None)
