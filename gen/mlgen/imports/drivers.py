"""A volume of a driver that mlgen knows -> the data that it is, and the storage of an environment that has it."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen.imports.note import Note
from mlgen.imports.source import text
from mlgen.node import Json, Node, Path

CSI: Path = ("spec", "csi")
OPTIONS: Path = ("spec", "mountOptions")
OURS = "the data's `freshness` and `access`, or mlgen's own"
UNKNOWN = "mlgen mounts with options of its own, and this is none of them"
NEVER = r"(?!)"  # what no option says
DAY, HOUR, MINUTE = 86400, 3600, 60


class Driver(NamedTuple):
    """How a driver says what data says.

    ``attributes`` are the environment's words for its attributes, ``container`` the attribute that is the container, or
    none where the handle is. ``folder`` and ``seconds`` find these two in its mount options, ``ours`` what mlgen says.
    """

    kind: str
    name: str
    container: str
    attributes: Mapping[str, Path]
    folder: str
    seconds: str
    ours: str


AZURE = {"storageAccount": ("account",), "resourceGroup": ("resourceGroup",)}
BLOBFUSE = Driver(
    "blob",
    "azure-blob",
    "containerName",
    {**AZURE, "clientID": ("identity", "clientId")},
    r"--subdirectory=(.+)",
    r"--file-cache-timeout-in-seconds=(\d+)",
    r"-o (allow_other|direct_io)|--(subdirectory|(file-cache|attr-cache|attr|entry|negative)-timeout|use-adls|read-only"
    r"|disable-(kernel|writeback)-cache|cancel-list-on-mount-seconds|log-level)\b.*",
)
NFS = Driver("blob", "azure-blob-nfs", "containerName", AZURE, NEVER, r"actimeo=(\d+)", r"(actimeo|nconnect)=.*|nocto")
DRIVERS = {
    "blob.csi.azure.com": BLOBFUSE,
    "file.csi.azure.com": Driver(
        "files",
        "azure-files",
        "shareName",
        AZURE,
        NEVER,
        NEVER,
        r"(dir_mode|file_mode|uid|gid|cache|actimeo)=.*|mfsymlinks|nosharesock",
    ),
    "s3.csi.aws.com": Driver(
        "blob",
        "s3",
        "bucketName",
        {"authenticationSource": ("identity",)},
        r"prefix (.+)/",
        r"metadata-ttl (\d+)",
        r"allow-(other|delete|overwrite)|read-only|(uid|gid|prefix|metadata-ttl|region) .*",
    ),
    "gcsfuse.csi.storage.gke.io": Driver(
        "blob",
        "gcs",
        "",
        {},
        r"only-dir=(.+)",
        r"metadata-cache:ttl-secs:(\d+)",
        r"implicit-dirs|(uid|gid|only-dir|rename-dir-limit)=.*|metadata-cache:(negative-)?ttl-secs:.*",
    ),
}


class Known(NamedTuple):
    """What a volume is: the project's ``entry``, and under ``kind`` the environment's ``offer``."""

    entry: dict[str, Json]
    kind: str
    offer: dict[str, Json]
    notes: list[Note]


def known(volume: Node) -> Known | None:
    """None for a volume of no such driver, or one that does not say what it mounts."""
    driver = DRIVERS.get(text(volume, *CSI, "driver"))
    if driver is BLOBFUSE and text(volume, *CSI, "volumeAttributes", "protocol") == "nfs":
        driver = NFS
    if driver is None:
        return None
    handle = text(volume, *CSI, "volumeHandle").partition(":")[0]
    container = text(volume, *CSI, "volumeAttributes", driver.container) if driver.container else handle
    options = list(_options(volume))
    folder = text(volume, *CSI, "volumeAttributes", "folderName") or _found(driver.folder, options)
    if not container or container == "_":
        return None
    entry: dict[str, Json] = {driver.kind: f"{container}/{folder.strip('/')}" if folder else container}
    if not _reads_only(volume):
        entry["access"] = "write"
    elif driver.kind == "files":
        entry["access"] = "read"  # a share is for writing, where nobody says otherwise
    if seconds := _found(driver.seconds, options):
        entry["freshness"] = _freshness(int(seconds[:9]))
    size = text(volume, "spec", "capacity", "storage")
    if driver.kind == "files" and size:
        entry["size"] = size
    return Known(entry, driver.kind, _offer(volume, driver), list(_notes(volume, driver)))


def _offer(volume: Node, driver: Driver) -> dict[str, Json]:
    found: dict[str, Json] = {"driver": driver.name}
    for attribute, path in driver.attributes.items():
        value = text(volume, *CSI, "volumeAttributes", attribute)
        if value:
            found[str(path[0])] = value if len(path) == 1 else {str(path[1]): value}
    if secret := text(volume, *CSI, "nodeStageSecretRef", "name"):
        found["secret"] = secret
    return found


def _options(volume: Node) -> Iterator[str]:
    listed = volume.find(*OPTIONS)
    for item in listed.items if listed is not None else []:
        if isinstance(item.value, str):
            yield item.value


def _found(pattern: str, options: list[str]) -> str:
    return next((found[1] for option in options if (found := re.fullmatch(pattern, option))), "")


def _reads_only(volume: Node) -> bool:
    modes = volume.find("spec", "accessModes")
    flag = volume.find(*CSI, "readOnly")
    listed = [item.value for item in modes.items] if modes is not None else []
    return listed == ["ReadOnlyMany"] or (flag is not None and flag.value is True)


def _freshness(seconds: int) -> str:
    if seconds == 0:
        return "always"
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _notes(volume: Node, driver: Driver) -> Iterator[Note]:
    listed = volume.find(*OPTIONS)
    for index, item in enumerate(listed.items if listed is not None else []):
        ours = isinstance(item.value, str) and re.fullmatch(driver.ours, item.value) is not None
        yield Note(item.span, (*OPTIONS, index), OURS if ours else UNKNOWN, lost=not ours)
