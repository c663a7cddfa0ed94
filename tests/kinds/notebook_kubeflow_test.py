"""A notebook as Kubeflow's controller wants it, with the home that it has without Kubeflow."""

from typing import Any

from tests.small import built, platform

from mlgen import engine

PLAIN = "podSecurity: baseline\n"
KUBEFLOW = PLAIN + "platform: {notebook: kubeflow-notebooks-1.10}\n"
SPEC = """\
data:
  features: {claim: features}
workloads:
  lab: {kind: notebook, image: ghcr.io/acme/lab:1, users: [anna, ben], data: [features], home: {size: 50Gi}}
"""


def kinds(objects: dict[str, Any]) -> set[str]:
    return {name.partition("/")[0] for name in objects}


def test_the_same_home_survives_the_change_of_back_end() -> None:
    plain, kubeflow = built(SPEC, PLAIN), built(SPEC, KUBEFLOW)
    for user in ("anna", "ben"):
        home = f"PersistentVolumeClaim/lab-{user}-home"
        assert plain[home] == kubeflow[home]
        for pod in (plain[f"StatefulSet/lab-{user}"], kubeflow[f"Notebook/lab-{user}"]):
            volumes = pod["spec"]["template"]["spec"]["volumes"]
            assert {"name": "home", "persistentVolumeClaim": {"claimName": f"lab-{user}-home"}} in volumes


def test_the_home_stays_in_base_whatever_the_overlays_back_end() -> None:
    """The overlay of an environment with Kubeflow neither takes base's claim away nor brings one of its own."""
    found = platform(SPEC, KUBEFLOW, base=PLAIN)
    files = engine.render(found, ["demo"]).files["demo"]
    assert "base/persistentvolumeclaim-lab-anna-home.yaml" in files
    assert "dev/persistentvolumeclaim-lab-anna-home.yaml" not in files
    patch = files["dev/patches/persistentvolumeclaim-lab-anna-home.yaml"]
    assert "delete" not in patch
    assert [line for line in patch.splitlines() if "path:" in line] == ["  path: /metadata/namespace"]


def test_the_controller_makes_the_stateful_set_and_the_service() -> None:
    assert kinds(built(SPEC, KUBEFLOW)) == {"Namespace", "ServiceAccount", "PersistentVolumeClaim", "Notebook"}


def test_the_container_has_the_name_of_the_notebook() -> None:
    """The controller takes the Notebook's state from the container of that name, and from no other."""
    for user in ("anna", "ben"):
        notebook = built(SPEC, KUBEFLOW)[f"Notebook/lab-{user}"]
        (container,) = notebook["spec"]["template"]["spec"]["containers"]
        assert container["name"] == notebook["metadata"]["name"]


def test_the_crd_has_only_the_pods_spec() -> None:
    notebook = built(SPEC, KUBEFLOW)["Notebook/lab-anna"]
    assert notebook["spec"].keys() == {"template"}
    assert notebook["spec"]["template"].keys() == {"spec"}


def test_the_notebooks_labels_become_its_pods_so_they_are_what_selectors_ask_for() -> None:
    """The owner is not among them: a team that is renamed would stop every open notebook."""
    plain, kubeflow = built(SPEC, PLAIN), built(SPEC, KUBEFLOW)
    pods = plain["StatefulSet/lab-anna"]["spec"]["template"]["metadata"]["labels"]
    assert kubeflow["Notebook/lab-anna"]["metadata"]["labels"] == pods
    assert pods["mlgen.dev/workload"] == "lab"
    assert pods["mlgen.dev/user"] == "anna"


def test_annotations_that_the_controller_writes_are_none_of_ours() -> None:
    """It stops a notebook by an annotation; if we wrote any, an engine that heals itself would start it again."""
    for user in ("anna", "ben"):
        assert "annotations" not in built(SPEC, KUBEFLOW)[f"Notebook/lab-{user}"]["metadata"]


def test_the_pod_is_what_it_is_without_kubeflow_but_for_the_containers_name() -> None:
    plain = built(SPEC, PLAIN)["StatefulSet/lab-anna"]["spec"]["template"]["spec"]
    kubeflow = built(SPEC, KUBEFLOW)["Notebook/lab-anna"]["spec"]["template"]["spec"]
    plain["containers"][0]["name"] = "lab-anna"
    assert kubeflow == plain


def test_a_pod_with_a_security_context_gets_no_group_of_the_controllers() -> None:
    context = built(SPEC, KUBEFLOW)["Notebook/lab-anna"]["spec"]["template"]["spec"]["securityContext"]
    assert context["fsGroup"] == 1000


def test_the_first_port_is_the_one_that_the_controllers_service_reaches() -> None:
    spec = SPEC.replace("users:", "port: 9999, users:")
    notebook = built(spec, KUBEFLOW)["Notebook/lab-anna"]
    (container,) = notebook["spec"]["template"]["spec"]["containers"]
    assert container["ports"][0]["containerPort"] == 9999


def test_a_closed_network_lets_kubeflow_bring_the_browser_and_ask_whether_it_is_idle() -> None:
    policy = built(SPEC, KUBEFLOW + "network: {default: deny}\n")["NetworkPolicy/lab"]["spec"]
    callers = {
        rule["from"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]: rule["ports"]
        for rule in policy["ingress"]
    }
    ports = [{"protocol": "TCP", "port": 8888}]
    assert callers == {"istio-system": ports, "kubeflow": ports}


def test_a_plain_notebook_is_reached_by_nobody() -> None:
    policy = built(SPEC, PLAIN + "network: {default: deny}\n")["NetworkPolicy/lab"]["spec"]
    assert "ingress" not in policy
