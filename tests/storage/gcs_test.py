"""Google Cloud Storage through Cloud Storage FUSE: options, handles, the pods that ask for it, and their network."""

from typing import Any

import pytest
from tests.small import built, problems

from mlgen.kinds import KINDS

SPEC = """\
data:
  features: {blob: churn/features, access: %s, freshness: %s}
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, data: [features]}
"""
BUCKET = "storage: {blob: {driver: gcs, bucket: acme-ml}}\n"
OWN = "storage: {blob: {driver: gcs}}\n"
CLOSED = 'storage: {blob: {driver: gcs, bucket: acme-ml, egress: ["199.36.153.8/30:443"]}}\nnetwork: {default: deny}\n'
ASKED = {"gke-gcsfuse/volumes": "true"}


def of_kind(objects: dict[str, Any], kind: str) -> Any:
    return next(body for name, body in objects.items() if name.startswith(f"{kind}/"))


def volume(access: str = "read", freshness: str = "1h", environment: str = BUCKET) -> Any:
    return of_kind(built(SPEC % (access, freshness), environment), "PersistentVolume")


COMMON = ["implicit-dirs", "uid=1000", "gid=1000", "only-dir=churn/features"]
ACCESS = {"read": [], "write": ["rename-dir-limit=200000"]}


@pytest.mark.parametrize("access", ["read", "write"])
@pytest.mark.parametrize(
    ("freshness", "ages"),
    [
        ("always", ["metadata-cache:ttl-secs:0", "metadata-cache:negative-ttl-secs:0"]),
        ("2s", ["metadata-cache:ttl-secs:2", "metadata-cache:negative-ttl-secs:2"]),
        ("1h", ["metadata-cache:ttl-secs:3600"]),
        ("never", ["metadata-cache:ttl-secs:-1"]),
    ],
)
def test_the_options_for_each_freshness(access: str, freshness: str, ages: list[str]) -> None:
    """As Google's page on the options says: -1 is for ever; what was not found is looked for again after 5 seconds."""
    assert volume(access, freshness)["spec"]["mountOptions"] == [*COMMON, *ACCESS[access], *ages]


DISALLOWED = "temp-dir config-file foreground log-file log-format key-file token-url reuse-token-from-url o cache-dir"


def test_no_option_is_one_that_the_driver_throws_away() -> None:
    """Gotcha: gcsfuse uses `a:b:c`. The driver keeps a list of flags that it ignores (sidecar_mounter_config.go)."""
    for option in volume("write", "always")["spec"]["mountOptions"]:
        assert option.split("=")[0].rsplit(":", 1)[0] not in DISALLOWED.split()
        assert " " not in option
        assert not option.startswith("-")


def test_the_handle_is_the_bucket_and_behind_a_colon_the_volume() -> None:
    """Gotcha: the driver has no attribute for the bucket; two volumes with one handle would be one."""
    for environment, bucket in ((BUCKET, "acme-ml"), (OWN, "churn")):
        found = volume(environment=environment)
        assert found["spec"]["csi"]["volumeHandle"] == f"{bucket}:{found['metadata']['name']}"
        assert "volumeAttributes" not in found["spec"]["csi"]
    assert "only-dir=features" in volume(environment=OWN)["spec"]["mountOptions"]


def test_another_bucket_is_another_volume() -> None:
    """No attribute and no option tells them apart."""
    whole = SPEC.replace("churn/features", "churn") % ("read", "1h")
    names = {of_kind(built(whole, env), "PersistentVolume")["metadata"]["name"] for env in (OWN, BUCKET)}
    other = built(whole, BUCKET.replace("acme-ml", "acme-2"))
    names.add(of_kind(other, "PersistentVolume")["metadata"]["name"])
    assert len(names) == 3


def test_there_is_one_volume_for_each_user() -> None:
    spec = SPEC % ("write", "1h") + "  other: {kind: job, image: ghcr.io/a/b:1, runAsUser: 4711, data: [features]}\n"
    volumes = [body for name, body in built(spec, BUCKET).items() if name.startswith("PersistentVolume/")]
    assert sorted(body["spec"]["mountOptions"][1] for body in volumes) == ["uid=1000", "uid=4711"]


SPECS = {
    "job": "command: [python, a.py]",
    "mpi": "command: [python, a.py], workers: 2",
    "notebook": "users: [anna]",
    "pytorch": "command: [torchrun, a.py], workers: 2",
    "ray": "command: [python, a.py], workers: 2",
    "serving": "server: custom",
    "sweep": "command: [python, a.py], parameters: {lr: [1, 2]}, objective: {metric: loss}",
    "spark": "version: 4.0.0, main: 'local:///a.py', executors: {count: 2}",
    "tensorflow": "command: [python, a.py]",
}
# The pods of a TrainJob of 2.0 cannot be annotated, which is an error: tests/bad/runtime-decides.
BACKENDS = [(kind, one) for kind, found in KINDS.items() for one in found if one != "kubeflow-trainer-2.0"]


def annotated(body: Any) -> list[Any]:
    """Every map of annotations below ``body`` that has the driver's."""
    if isinstance(body, list):
        return [found for item in body for found in annotated(item)]
    if not isinstance(body, dict):
        return []
    own = [body["annotations"]] if ASKED.items() <= (body.get("annotations") or {}).items() else []
    return own + [found for value in body.values() for found in annotated(value)]


@pytest.mark.parametrize(("kind", "backend"), BACKENDS)
def test_every_pod_asks_for_its_bucket(kind: str, backend: str) -> None:
    """Whoever makes the pods hands the annotation on, and says it nowhere where no driver needs it."""
    spec = f"data: {{d: {{blob: churn/x}}}}\nworkloads:\n  it: {{kind: {kind}, image: 'ghcr.io/a/b:1', data: [d], "
    spec += f"{SPECS[kind]}}}\n"
    usual = backend in ("job", "statefulset", "deployment")
    platform = "podSecurity: baseline\n" + ("" if usual else f"platform: {{{kind}: {backend}}}\n")
    made = built(spec, BUCKET + platform)
    assert annotated(list(made.values()))
    azure = "storage: {blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: key}}\n"
    assert not annotated(list(built(spec, azure + platform).values()))


def test_a_driver_and_its_executors_a_launcher_and_its_workers_a_head_and_its_workers() -> None:
    """Each row of pods asks for itself."""
    for kind, backend in (("spark", "spark-operator-2.5"), ("mpi", "kubeflow-training-1.9"), ("ray", "kuberay-1.4")):
        spec = f"data: {{d: {{blob: churn/x}}}}\nworkloads:\n  it: {{kind: {kind}, image: 'ghcr.io/a/b:1', data: [d], "
        made = built(f"{spec}{SPECS[kind]}}}\n", f"{BUCKET}podSecurity: baseline\nplatform: {{{kind}: {backend}}}\n")
        assert len(annotated(list(made.values()))) == 2


def test_a_server_and_tensorboard_ask_too() -> None:
    spec = """\
data: {models: {blob: churn/models, access: write}}
workloads:
  train: {kind: tensorflow, image: "ghcr.io/a/b:1", data: [models], tensorboard: models/logs}
  serve: {kind: serving, server: onnx, image: "ghcr.io/a/b:1", model: {data: models, name: churn, version: 42}}
"""
    spec = spec.replace("server: onnx", "server: tensorflow-serving")
    found = built(spec, CLOSED)
    for name in ("train-tensorboard", "serve"):
        assert annotated(found[f"Deployment/{name}"])
        assert reached(found[f"NetworkPolicy/{name}"]) == {"169.254.169.252/30", "199.36.153.8/30"}


def reached(policy: Any) -> set[str]:
    """The addresses that pods may connect to, but for DNS."""
    rules = [rule for rule in policy["spec"]["egress"] if {"port": 53, "protocol": "TCP"} not in rule.get("ports", [])]
    return {peer["ipBlock"]["cidr"] for rule in rules for peer in rule["to"] if "ipBlock" in peer}


def test_from_a_closed_network_pods_reach_the_bucket_and_their_token() -> None:
    """Gotcha: the sidecar is in the pod's network; a policy without the metadata server leaves the pod waiting."""
    assert reached(built(SPEC % ("read", "1h"), CLOSED)["NetworkPolicy/train"]) == {
        "169.254.169.252/30",
        "199.36.153.8/30",
    }
    without = "workloads:\n  train: {kind: job, image: ghcr.io/a/b:1}\n"
    assert reached(built(without, CLOSED)["NetworkPolicy/train"]) == set()
    [problem] = problems(SPEC % ("read", "1h"), f"{BUCKET}network: {{default: deny}}\n")
    assert (problem.rule, problem.span.file) == ("no-way-to-bucket", "environments/dev.yaml")


def test_the_account_may_be_tied_to_one_of_googles() -> None:
    environment = f"{BUCKET}workloadIdentity: {{serviceAccount: trainer@acme.iam.gserviceaccount.com}}\n"
    notes = built(SPEC % ("read", "1h"), environment)["ServiceAccount/train"]["metadata"]["annotations"]
    assert notes["iam.gke.io/gcp-service-account"] == "trainer@acme.iam.gserviceaccount.com"
