"""Arguments -> a command and its exit code."""

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from mlgen import __version__
from mlgen.arguments import (
    Base,
    Command,
    Environment,
    Form,
    Group,
    Kubernetes,
    Manifests,
    Offer,
    OneEnvironment,
    Page,
    Project,
    Root,
    Strict,
    Targets,
    usage,
)
from mlgen.commands import FAILED, completion, console

INTERRUPTED = 130
app = typer.Typer(
    name="mlgen",
    cls=Group,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mlgen {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def main(
    ctx: typer.Context,
    version: Annotated[bool, Option("--version", help="Print the version.", callback=_version, is_eager=True)] = False,
    debug: Annotated[bool, Option("--traceback", help="Show where in mlgen an error arose.")] = False,
) -> None:
    """mlgen init              make a platform repository
    mlgen new churn         make a project in it
    mlgen render            write overlays/, which Argo CD or Flux applies
    mlgen COMMAND --help    say more, beginning with examples

    One short spec a project -> checked Kubernetes manifests, written as Kustomize overlays.
    """
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(FAILED)


@app.command(cls=Command)
def init(
    folder: Annotated[Path, Argument(metavar="DIR", file_okay=False, help="Where, if not here.")] = Path(),
) -> int:
    """mlgen init
    mlgen init ml-platform

    Make a platform repository: environments, schemas for the editor, a first project. What is there stays.
    """
    from mlgen.commands import init as command

    return command.init(folder)


@app.command(cls=Command)
def new(
    project: Annotated[str, Argument(metavar="PROJECT", help="Its name.")],
    example: Annotated[
        str,
        Option(
            "--example",
            metavar="NAME",
            autocompletion=completion.examples,
            help="The project to start from: hello, the shortest, or churn, with some of everything.",
        ),
    ] = "hello",
    root: Root = None,
) -> int:
    """mlgen new churn
    mlgen new churn --example churn

    Make a project after an example. What is there stays.
    """
    from mlgen.commands import new as command

    return command.new(root, project, example=example)


@app.command(cls=Command)
def validate(targets: Targets = None, root: Root = None, form: Form = "text", strict: Strict = False) -> int:
    """mlgen validate                          everything
    mlgen validate churn                    one project
    mlgen validate --root ../ml-platform .  a project in a repository of its own

    Say everything wrong with specs, environments and what they build. Writes nothing.
    """
    from mlgen.commands import validate as command

    return command.validate(root, targets or [], form=form, strict=strict)


@app.command(cls=Command)
def render(
    targets: Targets = None,
    environment: Environment = None,
    root: Root = None,
    check_only: Annotated[bool, Option("--check", help="Compare and write nothing, as `mlgen check` does.")] = False,
    force: Annotated[bool, Option("--force", help="Give up edits made by hand in files that mlgen wrote.")] = False,
    fail_on_change: Annotated[bool, Option("--exit-non-zero-on-change", help="Exit with 1 if files changed.")] = False,
    form: Form = "text",
    strict: Strict = False,
) -> int:
    """mlgen render                    all projects
    mlgen render churn --env dev    one of them in one environment

    Write overlays/ and say what changed, and which runs start. Where anything is wrong, write nothing.
    """
    from mlgen.commands import render as command

    if check_only:
        return command.check(root, targets or [], environment=environment, form=form, strict=strict)
    return command.render(
        root,
        targets or [],
        environment=environment,
        force=force,
        form=form,
        strict=strict,
        fail_on_change=fail_on_change,
    )


@app.command(cls=Command)
def check(
    targets: Targets = None,
    environment: Environment = None,
    root: Root = None,
    form: Form = "text",
    strict: Strict = False,
) -> int:
    """mlgen check
    mlgen check --format github    as annotations of a pull request

    Say which files in overlays/ are not what the specs say now. Writes nothing.
    """
    from mlgen.commands import render as command

    return command.check(root, targets or [], environment=environment, form=form, strict=strict)


@app.command(cls=Command)
def build(project: Project, environment: OneEnvironment, root: Root = None, form: Form = "text") -> int:
    """mlgen build churn --env dev
    mlgen build churn --env dev | kubectl diff -f -

    Print the finished objects of a project in one environment.
    """
    from mlgen.commands import build as command

    return command.build(root, project, environment, form=form)


@app.command(cls=Command)
def lint(
    targets: Manifests,
    kubernetes: Kubernetes = None,
    environment: Offer = None,
    base: Base = None,
    root: Root = None,
    form: Form = "text",
    strict: Strict = False,
) -> int:
    """mlgen lint overlays                      every manifest in a folder
    mlgen lint --kubernetes 1.37 overlays    will the next version take them?
    mlgen build churn --env prod | mlgen lint --env prod -

    Say everything that a cluster would have against any Kubernetes manifests. Writes nothing. What the API server or an
    operator would refuse is an error. Without --env, good practice, and references to what may be there already, are
    warnings.
    """
    from mlgen.commands import lint as command

    return command.lint(
        [Path(target) for target in targets],
        kubernetes=kubernetes,
        environment=environment,
        base=base,
        root=root,
        form=form,
        strict=strict,
    )


@app.command(cls=Command)
def explain(
    what: Annotated[
        str,
        Argument(
            metavar="WHAT",
            autocompletion=completion.fields,
            help="A field of a file; or PROJECT/ENV:KIND/NAME:PATH, of which any end may be left out.",
        ),
    ],
    root: Root = None,
    form: Page = "text",
) -> int:
    """mlgen explain serving.replicas
    mlgen explain churn/prod
    mlgen explain churn/prod:Deployment/serve:spec.template.spec.containers.0.image

    Say what a field means, or from which lines a built value came and what they overrode.
    """
    from mlgen.commands import explain as command

    return command.explain(root, what, form=form)


@app.command(cls=Command)
def schema(
    name: Annotated[
        str,
        Argument(metavar="NAME", autocompletion=completion.schemas, help="project, environment, releases; or import."),
    ] = "project",
    files: Annotated[
        list[str] | None, Argument(metavar="FILE", help="CustomResourceDefinitions to import; - is standard input.")
    ] = None,
    root: Root = None,
    check_only: Annotated[bool, Option("--check", help="Say which imported files are stale; write nothing.")] = False,
    form: Form = "text",
) -> int:
    """mlgen schema project > project.json
    mlgen schema import crds.yaml    what `kubectl get crd -o yaml` prints

    Print the JSON Schema of a kind of file, or import the definitions of custom resources.
    """
    from mlgen.commands import schema as command

    if name == command.IMPORT:
        from mlgen.commands import schema_import

        return schema_import.import_(root, files or [], check=check_only, form=form)
    return command.schema(name, files or [])


@app.command(cls=Command)
def rule(
    name: Annotated[
        str | None, Argument(metavar="ID", autocompletion=completion.rules, help="The rule; else a list of all.")
    ] = None,
    form: Page = "text",
) -> int:
    """mlgen rule
    mlgen rule unknown-key

    Say what a rule means, why it is there and how it is kept.
    """
    from mlgen.commands import rule as command

    return command.rule(name, form=form)


def run() -> int:
    """Run the command line of this process; the exit code is 0 (fine), 1 (problems), 2 (could not run) or 130."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--traceback"]
    console.prepare()
    try:
        result = app(args=arguments, prog_name="mlgen", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the one edge where errors become text
        if "--traceback" in sys.argv[1:]:
            traceback.print_exc()
        elif isinstance(error, typer.TyperException):
            console.complain(usage(error))
        else:
            console.failed(error)
        return FAILED
