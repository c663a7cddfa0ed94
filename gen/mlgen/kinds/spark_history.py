"""``history: DATA/FOLDER`` of a Spark workload -> where its driver writes event logs, and a history server over them.

Spark writes into a folder that is there, and ends where there is none; so does the server. Each makes it first, by a
container that does nothing else (apache/spark, EventLogFileWriter.requireLogBaseDirAsDirectory, FsHistoryProvider).
"""

from collections.abc import Iterator

from mlgen import image
from mlgen.kinds import viewer
from mlgen.kinds.part import part
from mlgen.node import Node
from mlgen.objects import Object, service_account
from mlgen.pod import CONTAINER_SECURITY, Pod, Volume, pod
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

KEY = PART = "history"
PORT = 18080
# A heap of 1 GiB, as Spark has it by itself, and what a JVM needs beside it.
HEAP = "1g"
RESOURCES: dict[str, Draft] = {"requests": {"cpu": "100m", "memory": "2Gi"}, "limits": {"memory": "2Gi"}}
LITTLE: dict[str, Draft] = {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "32Mi"}}
SHARED = ("image", "runAsUser")
# Whatever runs Spark on Kubernetes has SPARK_HOME: the entry point of Spark's own images begins with it.
SERVER = 'exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.history.HistoryServer'


def conf(workload: Workload) -> dict[str, Draft]:
    """What Spark is told about its event logs; nothing where the spec asks for none."""
    asked = workload.spec.get(KEY)
    if asked is None:
        return {}
    place = _place(viewer.logs(workload, asked, read_only=False), asked)
    return {"spark.eventLog.enabled": made("true", asked), "spark.eventLog.dir": _address(place)}


def folder(workload: Workload) -> list[Draft]:
    """The container that makes the folder before the driver starts; none where the data's own root will do."""
    asked = workload.spec.get(KEY)
    if asked is None or "/" not in said(asked):
        return []
    return [_maker(workload, viewer.logs(workload, asked, read_only=False), asked)]


def objects(workload: Workload) -> Iterator[Object]:
    """The server. Nothing where the spec asks for none. Raises MlgenError where a workload has taken its name."""
    asked = workload.spec.get(KEY)
    if asked is None:
        return
    spec = {key: workload.spec[key] for key in SHARED if key in workload.spec}
    own = part(workload, PART, "history server", spec, asked)
    volume = viewer.logs(workload, asked, read_only=False)
    yield service_account(own)
    yield from viewer.objects(own, shown(own, volume, asked), asked, PORT)


def shown(own: Workload, volume: Volume, asked: Node) -> Pod:
    """The pod, whose server only reads. Logs that came while it was away are found when it is back."""
    where = _address(_place(volume, asked))
    container: dict[str, Draft] = {
        "name": PART,
        "image": image.of(own),
        "command": ["sh", "-c", SERVER],
        "resources": RESOURCES,
        "ports": [{"name": "http", "containerPort": PORT}],
        **viewer.probes(),
    }
    env: dict[str, Draft] = {
        "SPARK_DAEMON_MEMORY": HEAP,
        "SPARK_HISTORY_OPTS": made(f"-Dspark.history.fs.logDirectory={said(where)}", asked, where),
    }
    first = [_maker(own, volume, asked)] if "/" in said(asked) else []
    spec: dict[str, Draft] = {"initContainers": first or None}
    return pod(own, container, volumes=[volume._replace(read_only=made(True, asked))], env=env, spec=spec)


def _maker(workload: Workload, volume: Volume, asked: Node) -> Draft:
    return {
        "name": "event-logs",
        "image": image.of(workload),
        "command": ["mkdir", "-p", _place(volume, asked)],
        "resources": LITTLE,
        "securityContext": CONTAINER_SECURITY,
        "volumeMounts": [volume.mount],
    }


def _place(volume: Volume, asked: Node) -> Made:
    """Where the folder is in a container."""
    _, slash, inner = said(asked).partition("/")
    path: Node | Made = volume.path  # type: ignore[assignment]  # a mount path is a Node or Made
    return made(f"{said(path)}{slash}{inner}", asked, path)


def _address(place: Made) -> Made:
    return made(f"file://{said(place)}", *place.sources)
