"""Arguments -> a command and its exit code: the only module that knows Typer."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from mlgen import __version__
from mlgen.problem import MlgenError

FAILED, INTERRUPTED = 2, 130
ISSUES = "This is a bug in mlgen: please report it with what `--traceback` prints"

Format = Literal["text", "concise", "json", "github"]

app = typer.Typer(
    name="mlgen",
    help="One short spec a project -> checked Kubernetes manifests, written as Kustomize overlays.\n\n"
    "mlgen init      make a platform repository\n\n"
    "mlgen new churn make a project in it\n\n"
    "mlgen render    write overlays/, which Argo CD or Flux applies",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _projects() -> list[str]:
    """Names for the shell's completion."""
    from mlgen.disk import find_root

    root = find_root(Path.cwd())
    return sorted(path.parent.name for path in root.glob("projects/*/mlgen.yaml")) if root else []


def _environments() -> list[str]:
    """Names for the shell's completion."""
    from mlgen.disk import find_root

    root = find_root(Path.cwd())
    return sorted(path.stem for path in root.glob("environments/*.yaml") if path.stem != "base") if root else []


Root = Annotated[
    Path | None,
    typer.Option(
        "--root", help="The platform repository; else the nearest folder with environments/.", file_okay=False
    ),
]
Form = Annotated[Format, typer.Option("--format", help="How problems are printed.", envvar="MLGEN_FORMAT")]
Strict = Annotated[bool, typer.Option("--strict", help="Warnings count as problems.")]
Targets = Annotated[
    list[str] | None, typer.Argument(metavar="[PROJECT or FILE]...", autocompletion=_projects, show_default=False)
]
Environment = Annotated[
    str | None, typer.Option("--env", "-e", help="Only this environment.", autocompletion=_environments)
]
OneEnvironment = Annotated[str, typer.Option("--env", "-e", help="The environment.", autocompletion=_environments)]
Project = Annotated[str, typer.Argument(autocompletion=_projects)]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mlgen {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where in mlgen an error arose; it may stand anywhere.")
    ] = False,
) -> None:
    """One short spec a project -> checked Kubernetes manifests, written as Kustomize overlays."""


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="[DIR]", file_okay=False)] = Path()) -> int:
    """mlgen init ml-platform

    Make a platform repository: environments, schemas for the editor, a first project. What is there stays.
    """
    from mlgen.commands import init as command

    return command.init(folder)


@app.command()
def new(
    project: Annotated[str, typer.Argument()],
    example: Annotated[str, typer.Option("--example", help="The project to start from: hello or churn.")] = "hello",
    root: Root = None,
) -> int:
    """mlgen new churn --example churn

    Make a project after an example. What is there stays.
    """
    from mlgen.commands import new as command

    return command.new(root, project, example=example)


@app.command()
def validate(targets: Targets = None, root: Root = None, form: Form = "text", strict: Strict = False) -> int:
    """mlgen validate churn

    Say everything wrong with specs, environments and what they build. Reads only.
    """
    from mlgen.commands import validate as command

    return command.validate(root, targets or [], form=form, strict=strict)


@app.command()
def render(
    targets: Targets = None,
    environment: Environment = None,
    root: Root = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Compare and write nothing, as `mlgen check` does.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Give up edits made by hand in files that mlgen wrote.")
    ] = False,
    fail_on_change: Annotated[
        bool, typer.Option("--exit-non-zero-on-change", help="Exit 1 if anything was written: for hooks.")
    ] = False,
    form: Form = "text",
    strict: Strict = False,
) -> int:
    """mlgen render churn --env dev

    Write overlays/ and say what changed. Where anything is wrong, write nothing.
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


@app.command()
def check(
    targets: Targets = None,
    environment: Environment = None,
    root: Root = None,
    form: Form = "text",
    strict: Strict = False,
) -> int:
    """mlgen check

    Say which files in overlays/ are not what the specs say now. Writes nothing.
    """
    from mlgen.commands import render as command

    return command.check(root, targets or [], environment=environment, form=form, strict=strict)


@app.command()
def build(project: Project, environment: OneEnvironment, root: Root = None, form: Form = "text") -> int:
    """mlgen build churn --env dev

    Print the finished objects of a project in one environment.
    """
    from mlgen.commands import build as command

    return command.build(root, project, environment, form=form)


@app.command()
def explain(
    what: Annotated[str, typer.Argument(metavar="FIELD or PROJECT/ENV:KIND/NAME[:PATH]")],
    root: Root = None,
    form: Form = "text",
) -> int:
    """mlgen explain serving.replicas

    mlgen explain churn/prod:Deployment/serve:spec.template.spec.containers.0.image

    Say what a field means, or from which lines a value of a built object came and what they overrode.
    """
    from mlgen.commands import explain as command

    return command.explain(root, what, form=form)


@app.command()
def schema(name: Annotated[str, typer.Argument(metavar="[project|environment|releases]")] = "project") -> int:
    """mlgen schema project > project.json

    Print the JSON Schema of a kind of file, for editors.
    """
    from mlgen.commands import schema as command

    return command.schema(name)


@app.command()
def rule(
    name: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How the rule is printed.")] = "text",
) -> int:
    """mlgen rule unknown-key

    Say what a rule means, why it is there and how it is kept; without an id, list them all.
    """
    from mlgen.commands import rule as command

    return command.rule(name, form=form)


def run() -> int:
    """Run the command line of this process; the exit code is DESIGN section 8's."""
    traceback = "--traceback" in sys.argv[1:]
    arguments = [argument for argument in sys.argv[1:] if argument != "--traceback"]
    try:
        result = app(args=arguments, prog_name="mlgen", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is wrong, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the one edge where errors become text
        if traceback:
            raise
        return _failed(error)


def _failed(error: Exception) -> int:
    from mlgen.commands import console
    from mlgen.commands.workspace import UsageError

    if isinstance(error, MlgenError):
        console.show(error.problems, {}, "text", sys.stderr)
    elif isinstance(error, typer.TyperException):
        console.say(f"mlgen: {error.format_message()}\nTry: mlgen --help")
    elif isinstance(error, (UsageError, OSError)):
        console.say(f"mlgen: {error}")
    else:
        console.say(f"mlgen: {type(error).__name__}: {error}. {ISSUES}.")
    return FAILED
