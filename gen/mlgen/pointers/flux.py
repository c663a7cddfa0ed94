"""A project in an environment -> a source and a Kustomization that Flux keeps in sync.

Flux has no waves: it sorts what it applies by kind, and then waits for what `healthChecks` names, at most `timeout`
(kustomize-controller, docs/spec/v1/kustomizations.md). That is what stays up and what secrets come from, and no run: a
training of a day holds up nothing. Runs have no Kustomization of their own. It would have to wait for the accounts and
the network that they need; `dependsOn` waits until another is ready, which is until its servers are; and a server may
wait for the model that the run makes.
"""

from collections.abc import Iterator, Sequence

from mlgen.body import text_at
from mlgen.manifest import Manifest
from mlgen.node import Json, Node
from mlgen.objects import Object, labels
from mlgen.pointers.aim import Aim
from mlgen.trace import Draft, made, said

TITLE = "Flux"
SOURCE_API = "source.toolkit.fluxcd.io/v1"
KUSTOMIZE_API = "kustomize.toolkit.fluxcd.io/v1"
OCI = "oci://"
# How often the repository is asked (by each of perhaps hundreds of projects; a webhook is quicker), the cluster is
# compared, a failure is tried again; and how long is waited.
POLL, INTERVAL, RETRY, TIMEOUT = "5m", "10m", "1m", "5m"
# What stays up, or becomes ready at once; kinds that end, or that wait for something else to start, are not waited for.
WAITED = frozenset(
    (
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("bitnami.com", "SealedSecret"),
        ("external-secrets.io", "ExternalSecret"),
        ("gateway.networking.k8s.io", "HTTPRoute"),
        ("kubeflow.org", "Notebook"),
        ("serving.kserve.io", "InferenceService"),
    )
)
# The modes in which an InferenceService is a Deployment.
MODE = ("metadata", "annotations", "serving.kserve.io/deploymentMode")
ITS_DEPLOYMENT = ("Standard", "RawDeployment")


def marked(manifests: Sequence[Manifest], engine: Node) -> Iterator[Manifest]:
    """As they are: Flux sorts by kind what it applies."""
    yield from manifests


def objects(aim: Aim) -> Iterator[Object]:
    """The source first. It is the project's own: a shared one would be a file that all projects share."""
    yield _source(aim)
    yield _kustomization(aim)


def _source(aim: Aim) -> Object:
    address, revision = aim.gitops["repository"], aim.gitops["revision"]
    secret = aim.gitops.get("secret")
    artifact = said(address).startswith(OCI)
    spec: dict[str, Draft] = {
        "interval": POLL,
        "url": address,
        "ref": {"tag" if artifact else "branch": revision},
        "secretRef": {"name": secret} if secret is not None else None,
        # Only what the project needs is fetched.
        "sparseCheckout": None if artifact else [aim.around],
    }
    return _object(aim, SOURCE_API, _kind(aim), spec)


def _kustomization(aim: Aim) -> Object:
    first, waited = aim.gitops.get("dependsOn"), [one for one in aim.manifests if waits_for(one)]
    spec: dict[str, Draft] = {
        "dependsOn": [{"name": one} for one in first.items] if first is not None else None,
        "interval": INTERVAL,
        "retryInterval": RETRY,
        "timeout": TIMEOUT,
        "sourceRef": {"kind": _kind(aim), "name": aim.name},
        "path": f"./{aim.folder}",
        "prune": True,
        "decryption": _decryption(aim),
        # Where an environment is protected, what runs outlives its Kustomization until somebody deletes it.
        "deletionPolicy": "Orphan" if aim.site.offer["protected"].value else "MirrorPrune",
        "serviceAccountName": _account(aim),
        "wait": False,
        "healthChecks": [_reference(one) for one in waited] or None,
        "healthCheckExprs": _expressions(waited) or None,
    }
    return _object(aim, KUSTOMIZE_API, "Kustomization", spec)


def _decryption(aim: Aim) -> Draft:
    """Who opens what SOPS encrypted: Flux itself, with a key that lies beside its objects, or as whom it is."""
    secrets = aim.site.offer["secrets"]
    if said(secrets["from"]) != "sops":
        return None
    key = secrets.get("key")
    return {"provider": made("sops", secrets["from"]), "secretRef": {"name": key} if key is not None else None}


def waits_for(manifest: Manifest) -> bool:
    """Whether Flux waits until it is ready."""
    if manifest.ref.kind == "InferenceService" and text_at(manifest.body, *MODE) not in ITS_DEPLOYMENT:
        return False
    return not manifest.run and manifest.ref[:2] in WAITED


def _expressions(waited: Sequence[Manifest]) -> list[Json]:
    """How Flux sees that those are ready of which it does not know it itself."""
    custom = {(one.ref.group, one.ref.kind) for one in waited if "." in one.ref.group}
    if not custom:
        return []
    from mlgen import health  # a module a kind, and a start-up that points at nothing of these needs none

    return health.flux(custom)


def _reference(manifest: Manifest) -> Draft:
    """The object itself; of an InferenceService the Deployment that it makes.

    KServe copies the Deployment's `observedGeneration` into its own status, where Flux compares it with another count
    and would wait for ever (kserve, pkg/apis/serving/v1beta1/inference_service_status.go, PropagateRawStatus).
    """
    version, kind, name = str(manifest.body["apiVersion"]), manifest.ref.kind, manifest.ref.name
    if kind == "InferenceService":
        own = text_at(manifest.body, "spec", "predictor", "name")
        version, kind, name = "apps/v1", "Deployment", "-".join(filter(None, (name, own, "predictor")))
    one: dict[str, Draft] = {
        "apiVersion": version,
        "kind": kind,
        "name": name,
        "namespace": manifest.ref.namespace,
    }
    return made(one, *manifest.origins.get(("metadata", "name"), ()))


def _object(aim: Aim, version: str, kind: str, spec: Draft) -> Object:
    metadata: Draft = {"name": aim.name, "namespace": aim.gitops["namespace"], "labels": labels(aim.site, None)}
    return Object({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}, (aim.gitops["engine"],))


def _kind(aim: Aim) -> str:
    return "OCIRepository" if said(aim.gitops["repository"]).startswith(OCI) else "GitRepository"


def _account(aim: Aim) -> Node | None:
    account = aim.gitops.get("serviceAccount")
    return aim.site.filled(account) if account is not None else None
