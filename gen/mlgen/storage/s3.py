"""S3 through Mountpoint -> a static volume that belongs to the user of the workload.

The attributes are those of the driver (awslabs/mountpoint-s3-csi-driver, docs/CONFIGURATION.md and docs/CACHING.md),
the options those of Mountpoint (awslabs/mountpoint-s3, doc/CONFIGURATION.md), written as the driver reads them: a name,
and its value behind a space. Of secrets it knows only its own, so that no volume has one.
"""

from mlgen.storage import static
from mlgen.storage.bucket import CAPACITY, place
from mlgen.storage.freshness import ALWAYS, NEVER, age
from mlgen.storage.use import Mounted, Use
from mlgen.trace import Draft, made, said, text

CSI_DRIVER = "s3.csi.aws.com"


def mount(use: Use) -> Mounted:
    """One volume for each user id: nobody may change the owner of a file, or its mode, once it is mounted."""
    offer = use.site.offer["storage"]["blob"]
    bucket, folder = place(use)
    attributes: dict[str, Draft] = {
        "bucketName": bucket,
        "authenticationSource": offer.get("identity"),
        **cache(use),
    }
    root = text("{}_", bucket)
    source = static.Source(CSI_DRIVER, None, root, attributes, options(use, folder), CAPACITY)
    return static.mount(use, source)


def cache(use: Use) -> dict[str, Draft]:
    """What a node keeps of what was read, if anything: not where it would be out of date at once."""
    size = use.site.offer.find("storage", "blob", "cache")
    if size is None or use.entry["freshness"].value == ALWAYS:
        return {}
    return {"cache": made("emptyDir", size), "cacheEmptyDirSizeLimit": size}


def options(use: Use, folder: str) -> list[Draft]:
    """The mount options. Without permission Mountpoint would write new files, but neither replace nor delete any.

    What is older than the age of its metadata is read anew, cached or not; `minimal` is a second at most.
    """
    fresh, region = use.entry["freshness"], use.site.offer.find("storage", "blob", "region")
    result: list[Draft] = ["allow-other"]
    result += [made(f"{owner} {said(use.user)}", use.user) for owner in ("uid", "gid")]
    if region is not None:
        result.append(made(f"region {said(region)}", region))
    if folder:
        result.append(made(f"prefix {folder}/", use.entry["blob"]))
    result += ["read-only"] if use.read_only else ["allow-delete", "allow-overwrite"]
    ages = {ALWAYS: "minimal", NEVER: "indefinite"}
    return [*result, made(f"metadata-ttl {ages.get(said(fresh), age(fresh))}", fresh)]
