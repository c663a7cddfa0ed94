"""Arguments -> a command and its exit code."""

import sys
import traceback
from typing import Annotated

import typer
from typer import Option

from mlgen import __version__
from mlgen.arguments import Command, Group, usage
from mlgen.commands import FAILED, console
from mlgen.usage import COMMANDS

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


for declared in COMMANDS:
    app.command(cls=Command)(declared)


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
