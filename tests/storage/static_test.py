"""What all static volumes have in common: names, handles, and what two writers do to each other."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.small import place, platform, problems

from mlgen import engine
from mlgen.platform import load

STORES = {
    "azure-blob": "storage:\n  blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: key}\n",
    "azure-blob-nfs": "storage:\n  blob: {driver: azure-blob-nfs, account: acmeml, resourceGroup: ml}\n",
}
BUCKETS = {
    "s3": "storage:\n  blob: {driver: s3, bucket: acme-ml}\n",
    "s3-own": "storage:\n  blob: {driver: s3}\n",
    "gcs": "storage:\n  blob: {driver: gcs, bucket: acme-ml}\n",
    "gcs-own": "storage:\n  blob: {driver: gcs}\n",
}
ALL = STORES | BUCKETS
FILES = "  files: {driver: azure-files, account: acmeml, resourceGroup: ml, secret: key}\n"
WAYS = ("read", "write")
TWO = """\
data:
  one: {blob: %s, access: %s}
  other: {blob: %s, access: %s, freshness: 1h}
workloads:
  a: {kind: job, image: ghcr.io/a/b:1, data: [one]}
  b: {kind: job, image: ghcr.io/a/b:1, data: [other]}
"""


NAMES = ("features", "models", "b-c", "c")
PLACES = ("churn", "churn/a", "churn/a/b", "churn-a")
AGES = ("always", "30s", "1h", "never")


@st.composite
def projects(draw: Any, name: str) -> str:
    """A project with a few pieces of data, all used by one job."""
    entry = st.builds("{{blob: {}, access: {}, freshness: {}}}".format, *map(st.sampled_from, (PLACES, WAYS, AGES)))
    share = st.builds("{{files: {}}}".format, st.sampled_from(["churn", "churn-a"]))
    data = draw(st.dictionaries(st.sampled_from(NAMES), entry | share, min_size=1))
    lines = [f"  {key}: {value}" for key, value in data.items()]
    job = f"workloads:\n  run: {{kind: job, image: ghcr.io/a/b:1, data: [{', '.join(data)}]}}\n"
    head = f"apiVersion: mlgen.dev/v1\nkind: Project\nname: {name}\nowner: team\n"
    return head + "\n".join(["data:", *lines, job]) + "environments: {dev: {}, qa: {}}\n"


@st.composite
def clusters(draw: Any) -> dict[str, bytes]:
    """Two projects in two environments of one cluster."""
    head = "apiVersion: mlgen.dev/v1\nkind: Environment\nname: "
    base = f"{head}base\ncluster: one\n" + draw(st.sampled_from(sorted(ALL.values())))
    space = st.sampled_from(["", "namespace: {existing: shared}\n"])
    found = {"environments/base.yaml": base + FILES}
    found |= {f"environments/{name}.yaml": f"{head}{name}\n{draw(space)}" for name in ("dev", "qa")}
    found |= {f"projects/{name}/mlgen.yaml": draw(projects(name)) for name in ("a", "a-b")}
    return {path: text.encode() for path, text in found.items()}


@settings(max_examples=25, deadline=None)
@given(clusters())
def test_no_two_volumes_of_a_cluster_have_one_handle(files: dict[str, bytes]) -> None:
    """Gotcha: `volumeHandle` must be unique per volume, not per container, and `#` has a meaning to the driver."""
    found = load(files)
    places = [place for project in found.projects for place in engine.places(found, project)]
    assert len(places) == 4
    volumes = {
        (manifest.ref.name, str(spec["csi"]["volumeHandle"]))
        for place in places
        for manifest in place.manifests
        if manifest.ref.kind == "PersistentVolume" and isinstance(spec := manifest.body["spec"], dict)
        if isinstance(spec["csi"], dict)
    }
    assert volumes
    assert len({handle for _, handle in volumes}) == len(volumes)
    for name, handle in volumes:
        assert handle.endswith((f"_{name}", f":{name}"))
        assert not set(handle) & set("#/")


def test_another_content_has_another_name_in_both_objects() -> None:
    """Gotcha: `spec.csi` and `volumeName` never change: a hash of the source and its options is in both names."""
    entries = [(place, way, age) for place in PLACES for way in WAYS for age in AGES]
    lines = [f"  d{i}: {{blob: {p}, access: {way}, freshness: {age}}}" for i, (p, way, age) in enumerate(entries)]
    spec = "\n".join(["data:", *lines, "workloads:\n  a: {kind: job, image: ghcr.io/a/b:1, data: [%s]}\n"])
    hashes = []
    for store in ALL.values():
        objects = place(spec % ", ".join(f"d{number}" for number in range(len(entries))), store).manifests
        volumes = {found.ref.name for found in objects if found.ref.kind == "PersistentVolume"}
        claims = {found.ref.name for found in objects if found.ref.kind == "PersistentVolumeClaim"}
        assert {f"ml-demo-dev-{claim}" for claim in claims} == volumes
        hashes.append({claim.rpartition("-")[2] for claim in claims})
    through_fuse, through_nfs, *buckets = hashes
    assert len(through_fuse) == len(entries)
    assert [len(found) for found in buckets] == [len(entries)] * len(BUCKETS)
    assert len(set.union(*buckets)) == len(entries) * len(BUCKETS)
    assert len(through_nfs) == len({(place.partition("/")[0], way, age) for place, way, age in entries})
    assert not through_fuse & through_nfs


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ("churn/x", "churn/x", "`other` and `one` both write `churn/x`, each through a cache of its own"),
        (
            "churn",
            "churn/x",
            "`other` writes `churn/x`, which is inside what `one` writes, each through a cache of its own",
        ),
        (
            "churn/x/y",
            "churn/x",
            "`one` writes `churn/x/y`, which is inside what `other` writes, each through a cache of its own",
        ),
    ],
)
def test_two_writers_of_one_place(one: str, other: str, says: str) -> None:
    """Gotcha: several writers of one file corrupt it; through NFS they do not."""
    spec = TWO % (one, "write", other, "write")
    [problem] = problems(spec, STORES["azure-blob"])
    assert (problem.rule, problem.severity, problem.message) == ("two-writers", "warning", says)
    assert {span.file for span, _ in problem.related} == {"projects/demo/mlgen.yaml"}
    assert problems(spec, STORES["azure-blob-nfs"]) == []


@pytest.mark.parametrize(
    ("one", "other"), [(("churn/x", "write"), ("churn/x", "read")), (("churn/x", "write"), ("churn/xy", "write"))]
)
def test_readers_and_neighbours_are_no_second_writer(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert problems(TWO % (*one, *other), STORES["azure-blob"]) == []


SERVER = """\
data:
  cache: {blob: churn/cache, access: %s}
workloads:
  serve: {kind: serving, server: custom, image: ghcr.io/a/b:1, data: [cache], replicas: {%s}}
"""


def test_replicas_that_all_write() -> None:
    """Gotcha: many readers are fine, many writers of one file are not."""
    for replicas in ("min: 2", "min: 1, max: 3"):
        [problem] = problems(SERVER % ("write", replicas), STORES["azure-blob"])
        assert (problem.rule, problem.severity) == ("many-writers", "warning")
    assert problems(SERVER % ("write", "min: 1"), STORES["azure-blob"]) == []
    assert problems(SERVER % ("read", "min: 2"), STORES["azure-blob"]) == []
    assert problems(SERVER % ("write", "min: 2"), STORES["azure-blob-nfs"]) == []


def test_an_override_may_put_data_elsewhere() -> None:
    """`{blob: null, claim: NAME}`, as the message about an environment without blob storage says."""
    job = "workloads:\n  a: {kind: job, image: ghcr.io/a/b:1, data: [d]}\n"
    for kind, entry in (("blob", "blob: churn/x, freshness: 1h"), ("files", "files: notes, size: 1Gi, path: /notes")):
        spec = f"data: {{d: {{{entry}}}}}\n{job}"
        [problem] = problems(spec)
        assert problem.rule.startswith("no-")
        advice = problem.help.partition("there: ")[2].strip("`").replace("NAME", "shared")
        assert advice.startswith(f"{{{kind}: null")
        spec += f"environments: {{dev: {{data: {{d: {advice}}}}}}}\n"
        assert platform(spec).problems == ()
        assert problems(spec) == []
