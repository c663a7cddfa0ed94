"""A project's ``manifests``, whole objects and files of such -> objects as builders draft them, with mlgen's labels."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from mlgen import schema
from mlgen.hatch import own_labels, without_nulls
from mlgen.node import Node
from mlgen.objects import Object, labels
from mlgen.problem import MlgenError, Problem, Span, errors
from mlgen.secret_text import looks_like_a_secret
from mlgen.site import MANIFESTS, Site
from mlgen.suggest import did_you_mean
from mlgen.trace import Draft, said

OBJECT = "#/definitions/manifest"
SECRET = "put the values into the environment's store, and name their keys under the project's `secrets`"
# Kubernetes' own kinds that are in no namespace; what else a closed schema knows is in one.
IN_NO_NAMESPACE = frozenset(
    "APIService CSIDriver CSINode CertificateSigningRequest ClusterRole ClusterRoleBinding ClusterTrustBundle "
    "CustomResourceDefinition DeviceClass FlowSchema IPAddress IngressClass MutatingAdmissionPolicy "
    "MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node PersistentVolume PriorityClass "
    "PriorityLevelConfiguration ResourceSlice RuntimeClass ServiceCIDR StorageClass StorageVersion "
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment "
    "VolumeAttributesClass".split()
)

Files = Mapping[str, tuple[Node, ...] | None]  # by path, the documents of a file; None if it cannot be read


def objects(site: Site, files: Files) -> Iterator[Object]:
    """Every object, whole in each environment. Raises MlgenError for all that are none, or that hold secrets."""
    problems: list[Problem] = []
    found: list[Object] = []
    for document in _documents(site.project, files, problems):
        here = list(_faults(document))
        problems += here
        if not errors(here):
            found.append(_labelled(document, site))
    if problems:
        raise MlgenError(*problems)
    yield from found


def unused(project: Node, files: Files) -> Iterator[Problem]:
    """Files in the folder that the project does not list."""
    listed = {_path(project, item) for item in _listed(project) if isinstance(item.value, str)}
    if not listed <= files.keys():  # then it may be the one that was meant
        return
    folder = str(PurePosixPath(_path(project, Node(MANIFESTS, project.span))))
    for file, documents in files.items():
        if documents is not None and str(PurePosixPath(file).parent) == folder and file not in listed:
            name = f"{MANIFESTS}/{PurePosixPath(file).name}"
            message = f"the project does not list {name}, so nothing comes of it"
            hint = f"write `{MANIFESTS}: [{name}]` in mlgen.yaml, or delete the file"
            yield Problem("unused", Span(file, 1, 1, 1, 1), message, hint, "warning")


def _documents(project: Node, files: Files, problems: list[Problem]) -> Iterator[Node]:
    for item in _listed(project):
        path = _path(project, item)
        if not isinstance(item.value, str):
            yield item
        elif path in files:
            yield from files[path] or ()  # one that cannot be read has said so
        else:
            folder = path.rpartition("/")[0]
            beside = [f"{MANIFESTS}/{PurePosixPath(file).name}" for file in files if file.rpartition("/")[0] == folder]
            hint = did_you_mean(item.value, beside) or "write the file, or remove this"
            problems.append(Problem("no-such-manifest", item.span, f"there is no file {path}", hint))


def _listed(project: Node) -> list[Node]:
    return project[MANIFESTS].items if MANIFESTS in project else []


def _path(project: Node, item: Node) -> str:
    folder = project.span.file.rpartition("/")[0]
    return f"{folder}/{item.value}".removeprefix("/") if isinstance(item.value, str) else ""


def _faults(document: Node) -> Iterator[Problem]:
    found = list(schema.check(document, schema.load("project"), pointer=OBJECT))
    yield from found
    if errors(found):
        return
    yield from own_labels(document)
    if said(document["kind"]) == "List":
        span = document["kind"].span
        yield Problem("not-allowed", span, "a List is no object of the cluster", "write its items, one by one")
    if said(document["kind"]) == "Secret" and any(key in document for key in ("data", "stringData")):
        yield Problem("secret-value", document["kind"].span, "a Secret with its values stands here", SECRET)
    for _, leaf in document.leaves():
        if isinstance(leaf.value, str) and looks_like_a_secret(leaf.value):
            yield Problem("secret-value", leaf.span, "this looks like the value of a secret", SECRET)


def _labelled(document: Node, site: Site) -> Object:
    found = without_nulls(document)
    metadata: dict[str, Draft] = dict(found["metadata"].entries)
    own = found["metadata"].get("labels")
    if said(found["kind"]) not in IN_NO_NAMESPACE and "namespace" not in metadata:
        metadata["namespace"] = site.namespace
    ours = {key: value for key, value in labels(site, None).items() if value is not None}
    metadata["labels"] = {**(own.entries if own is not None else {}), **ours}
    body: dict[str, Draft] = {**found.entries, "metadata": metadata}
    if found.find("subjects", 0) is not None:
        body["subjects"] = [_subject(subject, site) for subject in found["subjects"].items]
    return Object(body, (document,), shared=False)


def _subject(subject: Node, site: Site) -> Draft:
    """Whom a binding gives rights: an account is always one of a namespace, and Kustomize would write that too."""
    whose = subject.get("kind")
    if whose is None or whose.value != "ServiceAccount" or "namespace" in subject:
        return subject
    return {**subject.entries, "namespace": site.namespace}
