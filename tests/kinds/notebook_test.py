"""A notebook for each user, whose home outlives it."""

from tests.small import built

SPEC = """\
workloads:
  lab: {kind: notebook, image: ghcr.io/acme/lab:1, users: [anna, ben]}
"""


def test_each_user_gets_a_pod_a_name_and_a_home() -> None:
    objects = built(SPEC)
    for user in ("anna", "ben"):
        stateful_set = objects[f"StatefulSet/lab-{user}"]
        assert stateful_set["spec"]["serviceName"] == f"lab-{user}"
        assert objects[f"Service/lab-{user}"]["spec"]["clusterIP"] == "None"
        pod = stateful_set["spec"]["template"]["spec"]
        assert pod["volumes"] == [{"name": "home", "persistentVolumeClaim": {"claimName": f"lab-{user}-home"}}]
        assert f"PersistentVolumeClaim/lab-{user}-home" in objects


def test_one_users_service_does_not_select_anothers_pod() -> None:
    objects = built(SPEC)
    selector = objects["Service/lab-anna"]["spec"]["selector"]
    assert selector.items() <= objects["StatefulSet/lab-anna"]["spec"]["template"]["metadata"]["labels"].items()
    assert not selector.items() <= objects["StatefulSet/lab-ben"]["spec"]["template"]["metadata"]["labels"].items()


def test_a_home_has_a_name_that_no_content_changes_and_is_kept_from_pruning() -> None:
    claim = built(SPEC.replace("users:", "home: {size: 80Gi}, users:"))["PersistentVolumeClaim/lab-anna-home"]
    assert claim["spec"]["resources"] == {"requests": {"storage": "80Gi"}}
    assert claim["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=confirm,Delete=confirm"


def test_the_home_is_on_the_disks_that_the_environment_names() -> None:
    claim = built(SPEC, "storage: {home: {storageClass: managed-csi}}\n")["PersistentVolumeClaim/lab-ben-home"]
    assert claim["spec"]["storageClassName"] == "managed-csi"
