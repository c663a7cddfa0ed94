"""An environment and a project as text, the objects that they say exist out."""

import pytest
from tests.small import place, platform, problems

from mlgen.existing import named_by, named_in
from mlgen.gathered import Setting
from mlgen.trace import said

OFFER = """\
registry: {host: acme.azurecr.io, pullSecret: acr}
storage:
  blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}
  files: {driver: azure-files, account: acmeml, resourceGroup: ml, secret: acmeml-files}
  home: {storageClass: managed-csi}
  disks: {local-ssd: {storageClass: local-nvme}}
secrets: {from: external-secrets, store: vault}
network: {gateway: {name: ml, namespace: gateway-system}}
existing: {secrets: [ml/wandb], priorityClasses: [training-low], queues: [training]}
"""


def setting(environment: str) -> Setting:
    found = platform("workloads: {w: {kind: job, image: ghcr.io/a/b:1}}\n", environment)
    assert not found.problems
    offer = found.environments["dev"]
    return Setting(said(offer["kubernetes"]), offer)


def test_all_that_an_environment_names_exists() -> None:
    offer = setting(OFFER).offer
    assert offer is not None
    assert set(named_by(offer)) == {
        ("Secret", "", "acr"),
        ("Secret", "", "acmeml-blob"),
        ("Secret", "", "acmeml-files"),
        ("StorageClass", "", "managed-csi"),
        ("StorageClass", "", "local-nvme"),
        ("ClusterSecretStore", "", "vault"),
        ("Gateway", "gateway-system", "ml"),
        ("Secret", "ml", "wandb"),
        ("PriorityClass", "", "training-low"),
        ("LocalQueue", "", "training"),
    }


@pytest.mark.parametrize(
    ("kind", "name", "namespace", "there"),
    [
        ("Secret", "acr", "anywhere", True),
        ("Secret", "wandb", "ml", True),
        ("Secret", "wandb", "other", False),
        ("Secret", "wandb", "", True),  # nobody said where
        ("ConfigMap", "acr", "ml", False),
        ("ServiceAccount", "default", "ml", True),
        ("ConfigMap", "kube-root-ca.crt", "ml", True),
        ("ClusterRole", "view", "", True),
        ("ClusterRole", "system:auth-delegator", "", True),
        ("PriorityClass", "system-node-critical", "", True),
        ("Service", "kubernetes", "default", True),
        ("Service", "kubernetes", "ml", False),
    ],
)
def test_what_exists_where(kind: str, name: str, namespace: str, *, there: bool) -> None:
    assert setting(OFFER).has(kind, name, namespace) == there


def test_a_project_names_claims_and_where_nobody_makes_them_secrets() -> None:
    spec = """\
    data: {old: {claim: shared}, other: {claim: mine}}
    secrets: {wandb: [KEY]}
    workloads: {w: {kind: job, image: ghcr.io/a/b:1, data: [old, other], secrets: [wandb]}}
    environments: {dev: {data: {other: {claim: theirs}}}}"""
    assert place(spec).problems == []
    found = platform(spec)
    project, offer = found.projects["demo"], found.environments["dev"]
    claims = {("PersistentVolumeClaim", "", name) for name in ("shared", "mine", "theirs")}
    assert set(named_in(project, offer)) == {*claims, ("Secret", "", "wandb")}
    fetched = platform(spec, OFFER)
    assert set(named_in(fetched.projects["demo"], fetched.environments["dev"])) == claims


REFERS = """\
workloads:
  w:
    kind: job
    image: ghcr.io/a/b:1
    patches: [{kind: Job, spec: {template: {spec: {priorityClassName: %s}}}}]
environments: {dev: {}}
"""


def test_a_reference_to_what_nobody_has_is_an_error_at_its_line() -> None:
    assert problems(REFERS % "training-low", OFFER) == []
    [problem] = problems(REFERS % "training-lwo", OFFER)
    assert (problem.rule, problem.severity) == ("no-such-priority-class", "error")
    assert (problem.span.file, problem.span.line) == ("projects/demo/mlgen.yaml", 9)
    assert problem.message == "Job/w in `dev`: there is no PriorityClass `training-lwo`"
    assert problem.help == "did you mean `training-low`?"
