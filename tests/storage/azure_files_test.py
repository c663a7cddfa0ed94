"""Azure Files: permanent shares, written by default, owned by the user of the workload."""

from typing import Any

from tests.small import built, problems

SPEC = """\
data:
  notes: {files: churn-notes%s}
workloads:
  lab: {kind: notebook, image: ghcr.io/a/b:1, users: [anna], data: [notes]}
"""
FILES = "storage: {files: {driver: azure-files, account: acmeml, resourceGroup: ml, secret: acmeml-files}}\n"


def of_kind(objects: dict[str, Any], kind: str, name: str = "") -> Any:
    return next(body for key, body in objects.items() if key.startswith(f"{kind}/{name}"))


def volume(more: str = "", user: str = "") -> Any:
    spec = (SPEC % more).replace("users: [anna]", f"users: [anna]{user}")
    return of_kind(built(spec, FILES), "PersistentVolume")


def test_the_share_is_mounted_by_the_file_driver() -> None:
    """Gotcha: the attributes of blob.csi.azure.com and of file.csi.azure.com must not be mixed up."""
    csi = volume()["spec"]["csi"]
    assert csi["driver"] == "file.csi.azure.com"
    assert csi["volumeAttributes"] == {
        "protocol": "smb",
        "resourceGroup": "ml",
        "storageAccount": "acmeml",
        "shareName": "churn-notes",
    }
    assert csi["nodeStageSecretRef"] == {"name": "acmeml-files", "namespace": "ml-demo-dev"}


def test_a_folder_of_the_share() -> None:
    spec = SPEC.replace("churn-notes%s", "churn-notes/anna/2026")
    attributes = of_kind(built(spec, FILES), "PersistentVolume")["spec"]["csi"]["volumeAttributes"]
    assert (attributes["shareName"], attributes["folderName"]) == ("churn-notes", "anna/2026")


def test_the_files_belong_to_the_workloads_user() -> None:
    options = volume(user=", runAsUser: 4711")["spec"]["mountOptions"]
    assert options[:4] == ["dir_mode=0770", "file_mode=0770", "uid=4711", "gid=4711"]
    assert options[4:] == ["mfsymlinks", "cache=strict", "nosharesock", "actimeo=30"]


def test_workloads_of_different_users_have_volumes_of_their_own() -> None:
    """Only the owner of a file may change its mode, as copying does; users of one id share a volume."""
    more = """\
  same: {kind: job, image: ghcr.io/a/b:1, data: [notes]}
  other: {kind: job, image: ghcr.io/a/b:1, runAsUser: 4711, data: [notes]}
"""
    objects = built(SPEC % "" + more, FILES)
    owners = {
        name.rpartition("/")[2]: {option for option in body["spec"]["mountOptions"] if option.startswith("uid=")}
        for name, body in objects.items()
        if name.startswith("PersistentVolume/")
    }
    assert sorted(map(sorted, owners.values())) == [["uid=1000"], ["uid=4711"]]
    claims = {
        name: body["spec"]["template"]["spec"]["volumes"][-1]["persistentVolumeClaim"]["claimName"]
        for name, body in objects.items()
        if name.startswith(("Job/", "StatefulSet/"))
    }
    assert len(claims) == 3
    assert len(set(claims.values())) == 2


def test_what_is_not_said_to_be_read_is_written() -> None:
    objects = built(SPEC % ", size: 50Gi", FILES)
    pv, pvc = of_kind(objects, "PersistentVolume"), of_kind(objects, "PersistentVolumeClaim", "notes")
    assert pv["spec"]["accessModes"] == pvc["spec"]["accessModes"] == ["ReadWriteMany"]
    assert pv["spec"]["capacity"] == pvc["spec"]["resources"]["requests"] == {"storage": "50Gi"}
    reader = built(SPEC % ", access: read", FILES)
    assert of_kind(reader, "PersistentVolume")["spec"]["csi"]["readOnly"] is True
    mounts = of_kind(reader, "StatefulSet")["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    assert {"name": "notes", "mountPath": "/data/notes", "readOnly": True} in mounts


def test_deleting_the_objects_deletes_no_file() -> None:
    spec = volume()["spec"]
    assert (spec["persistentVolumeReclaimPolicy"], spec["storageClassName"]) == ("Retain", "")


def test_an_environment_without_shares_says_what_it_could_have() -> None:
    [problem] = problems(SPEC % "")
    assert (problem.rule, problem.span.file, problem.span.line) == ("no-file-storage", "projects/demo/mlgen.yaml", 6)
    assert [span.file for span, _ in problem.related] == ["environments/dev.yaml"]
