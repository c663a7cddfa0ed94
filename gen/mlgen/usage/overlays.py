"""The commands that check what is written and render it, as Typer has them."""

from pathlib import Path
from typing import Annotated

from typer import Option

from mlgen.arguments import (
    Base,
    Environment,
    Form,
    Kubernetes,
    Manifests,
    Offer,
    OneEnvironment,
    Project,
    Root,
    Since,
    Staged,
    Strict,
    Targets,
)
from mlgen.commands import Call, call


def validate(
    targets: Targets = None,
    staged: Staged = False,
    since: Since = None,
    root: Root = None,
    form: Form = "text",
    strict: Strict = False,
) -> Call:
    """mlgen validate                          everything
    mlgen validate churn                    one project
    mlgen validate --root ../ml-platform .  a project in a repository of its own

    Say everything wrong with specs, environments and what they build. Writes nothing.
    """
    return call("validate", root, targets or [], staged=staged, since=since, form=form, strict=strict)


def render(
    targets: Targets = None,
    environment: Environment = None,
    root: Root = None,
    staged: Annotated[bool, Option("--staged", help="Exit with 1 if git would commit anything else.")] = False,
    check_only: Annotated[bool, Option("--check", help="Compare and write nothing, as `mlgen check` does.")] = False,
    force: Annotated[bool, Option("--force", help="Give up edits made by hand in files that mlgen wrote.")] = False,
    fail_on_change: Annotated[bool, Option("--exit-non-zero-on-change", help="Exit with 1 if files changed.")] = False,
    form: Form = "text",
    strict: Strict = False,
) -> Call:
    """mlgen render                    all projects
    mlgen render churn --env dev    one of them in one environment

    Write overlays/ and say what changed, and which runs start. Where anything is wrong, write nothing.
    """
    if check_only:
        return call(
            "render.check", root, targets or [], environment=environment, staged=staged, form=form, strict=strict
        )
    return call(
        "render",
        root,
        targets or [],
        environment=environment,
        force=force,
        form=form,
        strict=strict,
        fail_on_change=fail_on_change,
        staged=staged,
    )


def check(
    targets: Targets = None,
    environment: Environment = None,
    staged: Staged = False,
    since: Since = None,
    root: Root = None,
    form: Form = "text",
    strict: Strict = False,
) -> Call:
    """mlgen check
    mlgen check --staged                               what git would commit, in a hook
    mlgen check --since origin/main --format github    what a pull request can make a difference to

    Say which files in overlays/ are not what the specs say now. Writes nothing.
    """
    return call(
        "render.check",
        root,
        targets or [],
        environment=environment,
        staged=staged,
        since=since,
        form=form,
        strict=strict,
    )


def build(project: Project, environment: OneEnvironment, root: Root = None, form: Form = "text") -> Call:
    """mlgen build churn --env dev
    mlgen build churn --env dev | kubectl diff -f -

    Print the finished objects of a project in one environment.
    """
    return call("build", root, project, environment, form=form)


def lint(
    targets: Manifests,
    kubernetes: Kubernetes = None,
    environment: Offer = None,
    base: Base = None,
    root: Root = None,
    form: Form = "text",
    strict: Strict = False,
) -> Call:
    """mlgen lint overlays                      all in a folder, of overlays what a cluster gets
    mlgen lint --kubernetes 1.37 overlays    will the next version take them?
    mlgen build churn --env prod | mlgen lint --env prod -

    Say everything that a cluster would have against any Kubernetes manifests. Writes nothing. What the API server or an
    operator would refuse is an error. Without --env, good practice, and references to what may be there already, are
    warnings.
    """
    return call(
        "lint",
        [Path(target) for target in targets],
        kubernetes=kubernetes,
        environment=environment,
        base=base,
        root=root,
        form=form,
        strict=strict,
    )


COMMANDS = (validate, render, check, build, lint)
