"""Arguments -> the command that they ask for."""

import sys
from typing import Annotated

import typer
from typer import Option

from mlgen import __version__
from mlgen.arguments import Command, Group, usage
from mlgen.commands import FAILED, FINE, Call, console
from mlgen.usage import COMMANDS

TRACEBACK = "--traceback"
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
    debug: Annotated[bool, Option(TRACEBACK, help="Show where in mlgen an error arose.")] = False,
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
    app.command(declared.__name__.rstrip("_"), cls=Command)(declared)


def asked() -> Call | int:
    """What the command line of this process asks for; an exit code where that is said already: help, or a mistake."""
    arguments = [argument for argument in sys.argv[1:] if argument != TRACEBACK]
    try:
        result = app(args=arguments, prog_name="mlgen", standalone_mode=False)
    except typer.TyperException as error:
        if TRACEBACK in sys.argv[1:]:
            raise
        console.complain(usage(error))
        return FAILED
    return result if isinstance(result, Call | int) else FINE
