"""The commands that bring a change to a cluster, as Typer has them."""

from typing import Annotated, Literal

from typer import Option

from mlgen.arguments import Comparison, DryRun, Environment, Form, Name, OneEnvironment, Page, Projects, Root
from mlgen.commands import Call, call, completion


def diff(
    projects: Projects = None,
    base: Annotated[str, Option("--base", metavar="REV", help="The revision to compare with.")] = "HEAD",
    head: Annotated[str | None, Option("--head", metavar="REV", help="A revision; else the work tree.")] = None,
    profile: Annotated[
        str | None,
        Option(
            "--with-platform",
            metavar="PROFILE",
            autocompletion=completion.profiles,
            help="Compare with what another profile of the platform makes of the work tree.",
        ),
    ] = None,
    environment: Environment = None,
    root: Root = None,
    form: Comparison = "text",
    ask: Annotated[bool, Option("--exit-code", help="Exit with 1 if anything that is rendered changes.")] = False,
) -> Call:
    """mlgen diff                              what the edits in the work tree do
    mlgen diff --base origin/main           what this branch does
    mlgen diff --base origin/main --format markdown > comment.md
    mlgen diff --with-platform kubeflow-26.03 --env prod    what if prod had that?

    Say what a change does, object by object, and what may go wrong.
    """
    if profile is not None:
        revisions = (base if base != "HEAD" else None, head)
        return call(
            "diff_platform", root, projects or [], profile, revisions, environment=environment, form=form, ask=ask
        )
    return call("diff", root, projects or [], base=base, head=head, environment=environment, form=form, ask=ask)


def release(
    project: Name,
    environment: OneEnvironment,
    images: Annotated[
        list[str] | None, Option("--image", metavar="REF", help="An image that was pushed: NAME:TAG@DIGEST.")
    ] = None,
    models: Annotated[list[str] | None, Option("--model", metavar="NAME=VERSION", help="A model's version.")] = None,
    runs: Annotated[
        list[str] | None, Option("--run", metavar="WORKLOAD", help="A workload to run, or to run again.")
    ] = None,
    why: Annotated[
        str | None, Option("--why", metavar="TEXT", help="Why it should run; else the time is said.")
    ] = None,
    dry_run: DryRun = False,
    root: Root = None,
) -> Call:
    """mlgen release churn --env dev --image acme.azurecr.io/churn:1.4.2@sha256:3d7c...
    mlgen release churn --env dev --model churn=43
    mlgen release churn --env prod --run train

    Write down what an environment runs from now on, render it, and say what that does.
    """
    return call(
        "release",
        root,
        project,
        environment,
        images=images or [],
        models=models or [],
        runs=runs or [],
        why=why,
        dry_run=dry_run,
    )


def promote(
    project: Name,
    source: Annotated[str, Option("--from", metavar="ENV", autocompletion=completion.environments, help="The proof.")],
    target: Annotated[str, Option("--to", metavar="ENV", autocompletion=completion.environments, help="Where to.")],
    only: Annotated[
        Literal["images", "models"] | None, Option("--only", metavar="WHAT", help="Only images, or only models.")
    ] = None,
    dry_run: DryRun = False,
    root: Root = None,
) -> Call:
    """mlgen promote churn --from staging --to prod --dry-run
    mlgen promote churn --from dev --to staging --only images

    Let an environment run exactly what another one proved, and say what that does.
    """
    return call("promote", root, project, source, target, only=only, dry_run=dry_run)


def publish(
    repository: Annotated[
        str | None, Option("--repository", metavar="URL", help="Where to: a remote, a URL or a folder; else origin.")
    ] = None,
    branch: Annotated[
        str | None, Option("--branch", metavar="B", help="Which branch; else the environments' gitops.revision.")
    ] = None,
    layout: Annotated[
        Literal["overlays", "hydrated"],
        Option("--layout", metavar="FORM", help="Publish overlays, or hydrated: the finished objects."),
    ] = "overlays",
    message: Annotated[str | None, Option("--message", "-m", metavar="TEXT", help="The commit's message.")] = None,
    dry_run: DryRun = False,
    pull_request: Annotated[
        bool, Option("--pull-request", help="Push to a branch of its own, and print the pull request's text.")
    ] = False,
    root: Root = None,
    form: Page = "text",
) -> Call:
    """mlgen publish --branch deploy                what is rendered, to a branch of origin
    mlgen publish --branch main --repository https://git.example.com/acme/deploy.git --layout hydrated
    mlgen publish --pull-request > body.md

    Commit what is rendered and push it, losing nobody's work. The only command that opens a connection.
    """
    wish = (repository, branch, layout, message, dry_run, pull_request, form)
    return call("publish", root, wish)


def health(
    environment: Environment = None,
    delivery: Annotated[
        Literal["argocd", "flux"] | None,
        Option("--engine", metavar="NAME", help="Print them for argocd or flux; else as --env says, or for argocd."),
    ] = None,
    root: Root = None,
    form: Form = "text",
) -> Call:
    """mlgen health > health.yaml              a patch for Argo CD, with every kind that needs a check
    mlgen health --env prod                 only for what the projects have there
    mlgen health --engine flux              `healthCheckExprs` for Kustomizations of your own

    Print the health checks that Argo CD or Flux lacks for what mlgen writes. Argo CD has them after
    `kubectl -n argocd patch configmap argocd-cm --patch-file health.yaml`.
    """
    return call("health.print_checks", root, environment, delivery=delivery, form=form)


COMMANDS = (diff, release, promote, publish, health)
