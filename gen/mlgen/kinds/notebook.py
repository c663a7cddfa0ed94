"""A ``notebook`` workload -> for each user a StatefulSet of one pod, a headless Service and a home."""

from collections.abc import Iterator

from mlgen import beside, image
from mlgen.beside.needs import Needs
from mlgen.kinds import idle, pod_defaults
from mlgen.node import Node
from mlgen.objects import ASK_FIRST, Object, metadata, named, selector, service_account, workload_labels
from mlgen.pod import Pod, Volume, pod
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said


def build(workload: Workload) -> Iterator[Object]:
    """The account they share, and one notebook a user. Nobody else needs their ports: `kubectl` forwards them."""
    yield service_account(workload)
    yield from idle.objects(workload)
    everybody = users(workload)
    for user, name in everybody:
        found = notebook_pod(workload, name, user)
        yield from found.objects
        yield home_claim(workload, name, user)
        yield headless_service(workload, name, user)
        yield stateful_set(workload, name, user, found)
    names = [name for _, name in everybody]
    homes = [home_name(name) for name in names]
    yield from beside.objects(workload, Needs(watched={"StatefulSet": names, "PersistentVolumeClaim": homes}))


def users(workload: Workload) -> list[tuple[Node, Made]]:
    """Each user, and the name of that user's notebook."""
    return [(user, named(workload, said(user), sources=(user,))) for user in workload.spec["users"].items]


def home_name(name: Made) -> Made:
    """The name of the claim behind a notebook's home."""
    return made(f"{said(name)}-home", *name.sources)


def notebook_pod(workload: Workload, name: Made, user: Node, container: Draft = "notebook") -> Pod:
    """One pod of the user's. A closed lid is no failure: only the port is watched."""
    port, home = workload.spec["port"], workload.spec["home"]
    volume = Volume("home", home["path"], {"persistentVolumeClaim": {"claimName": home_name(name)}})
    drafted: dict[str, Draft] = {
        "name": container,
        "image": image.of(workload),
        "workingDir": home["path"],
        "ports": [{"name": "http", "containerPort": port}],
        # The image may be large and the home full: ten minutes to open the port.
        "startupProbe": {"tcpSocket": {"port": "http"}, "periodSeconds": 5, "failureThreshold": 120},
        "readinessProbe": {"tcpSocket": {"port": "http"}, "periodSeconds": 10},
    }
    spec: dict[str, Draft] = {"terminationGracePeriodSeconds": 30}
    volumes, env = [volume, *idle.volumes(workload)], idle.variables(workload)
    return pod_defaults.labelled(workload, pod(workload, drafted, volumes=volumes, env=env, user=user, spec=spec))


def home_claim(workload: Workload, name: Made, user: Node) -> Object:
    """A claim of its own, with a name that no content changes: what a person keeps there is never thrown away."""
    home = workload.spec["home"]
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(
            workload.site,
            home_name(name),
            workload_labels(workload, user),
            annotations=ASK_FIRST,
        ),
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": workload.site.offer.find("storage", "home", "storageClass"),
            "resources": {"requests": {"storage": home["size"]}},
        },
    }
    return Object(body, (user,))


def headless_service(workload: Workload, name: Made, user: Node) -> Object:
    """The name under which the pod is found; a StatefulSet needs one."""
    labels = workload_labels(workload, user)
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(workload.site, name, labels),
        "spec": {
            "clusterIP": "None",
            "selector": selector(labels),
            "ports": [{"name": "http", "port": workload.spec["port"], "targetPort": "http"}],
        },
    }
    return Object(body, (user,))


def stateful_set(workload: Workload, name: Made, user: Node, found: Pod) -> Object:
    """One pod that keeps its name."""
    labels = workload_labels(workload, user)
    body: dict[str, Draft] = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata(workload.site, name, labels),
        "spec": {
            "replicas": 1,
            "serviceName": name,
            "selector": {"matchLabels": selector(labels)},
            "template": found.template,
        },
    }
    return Object(body, (user,))
