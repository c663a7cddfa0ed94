"""Which engine an environment has: its own, base's, or none; and that no name of a pointer is too long."""

from typing import Any

from tests.small import place, platform, problems

from mlgen import engine, schema
from mlgen.pointers import cluster, home
from mlgen.problem import in_order

JOB = "workloads: {train: {kind: job, image: ghcr.io/acme/a:1}}\n"
BASE = """\
gitops: {engine: argocd, repository: "https://git.example.com/acme/ml.git", destination: "https://aks.example.com"}
"""
LABEL = 63  # what both engines write into labels: whose an object is


def kinds(environment: str) -> list[str]:
    found = platform(JOB, environment, base=BASE)
    assert in_order(found.problems) == []
    built = engine.place(found, found.projects["demo"], found.environments["dev"])
    return [pointer.ref.kind for pointer in built.pointers]


def test_what_base_says_holds_for_all() -> None:
    assert kinds("") == ["AppProject", "Application"]
    assert kinds("gitops: {revision: release}\n") == ["AppProject", "Application"]


def test_an_environment_may_have_another_engine_or_none() -> None:
    assert kinds("gitops: {engine: flux, destination: null}\n") == ["GitRepository", "Kustomization"]
    assert kinds("gitops: null\n") == []


def test_what_base_says_of_the_other_engine_has_to_be_taken_away() -> None:
    found = platform(JOB, "gitops: {engine: flux}\n", base=BASE)
    (problem,) = found.problems
    assert (problem.rule, problem.span.file) == ("unknown-key", "environments/base.yaml")
    assert "`destination: null`" in problem.help


def test_a_pointer_has_a_name_that_fits_into_a_label() -> None:
    project: Any = schema.load("project").shape("#/definitions/name")
    environment: Any = schema.load("environment")["properties"]["name"]
    assert project["maxLength"] + len("-") + environment["maxLength"] <= LABEL


def test_where_an_engine_has_its_objects() -> None:
    """Two projects in two environments may make one name of theirs: that is a matter of where the engine runs."""
    gitops = 'gitops: {engine: argocd, repository: "https://git.example.com/acme/ml.git"%s}\n'
    for more, expected in [
        ("", "the cluster `aks`"),
        (", destination: in-cluster", "the cluster `aks`"),
        (", destination: aks-west-1", "the cluster where Argo CD runs"),
        (', destination: "https://aks.example.com"', "the cluster where Argo CD runs"),
    ]:
        assert home(place(JOB, f"cluster: aks\n{gitops % more}").environment) == expected


def test_the_shortest_form_is_enough() -> None:
    assert problems(JOB, 'gitops: {engine: argocd, repository: "https://git.example.com/acme/ml.git"}\n') == []
    assert problems(JOB, 'gitops: {engine: flux, repository: "https://git.example.com/acme/ml.git"}\n') == []


def test_one_destination_is_one_cluster() -> None:
    """Where nobody names the cluster: or nobody would see that two environments write one object."""
    gitops = 'gitops: {engine: argocd, repository: "https://git.example.com/acme/ml.git", destination: aks}\n'
    offers = [place(JOB, text).environment for text in (gitops, f"cluster: west\n{gitops}", "cluster: west\n", "")]
    assert [cluster(offer) for offer in offers] == [f"the cluster `{name}`" for name in ("aks", "west", "west", "dev")]
