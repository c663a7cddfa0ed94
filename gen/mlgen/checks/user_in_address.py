"""The address of a repository with a user or a token in it."""

import re
from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.secret_text import looks_like_a_secret
from mlgen.trace import said

RULE = Rule(
    id="user-in-address",
    title="The address of a repository with a user or a token in it",
    why="The address is committed, and everybody who may read it may do what the token may; what follows `https://` "
    "up to an `@` is often a token, and never needed. Both engines take credentials from a Secret.",
    bad="gitops: {engine: flux, repository: https://deploy@git.example.com/acme/ml-platform.git}",
    good="gitops: {engine: flux, repository: https://git.example.com/acme/ml-platform.git, secret: ml-platform}",
)
USER = re.compile(r"https://[^/@]*@")
ELSEWHERE = {
    "argocd": "put the credentials into a repository Secret of Argo CD's (label `argocd.argoproj.io/secret-type`)",
    "flux": "put the credentials into a Secret of Flux's namespace, and name it: `secret: NAME`",
}


def check(environment: Node) -> Iterator[Problem]:
    """What stands before the host, unless it is said already that it is a secret. The user of ssh is a mere name."""
    repository = environment.find("gitops", "repository")
    if repository is None or not USER.match(said(repository)) or looks_like_a_secret(said(repository)):
        return
    where = ELSEWHERE[said(environment["gitops"]["engine"])]
    message = "this address has a user or a token in it"
    yield Problem(RULE.id, repository.span, message, f"remove what stands before the `@`, and {where}")
