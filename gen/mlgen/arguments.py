"""What commands take in common -> Typer's declarations of it, and help that begins with examples."""

import sys
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from typer import Argument, Option, TyperException
from typer.core import TyperCommand, TyperGroup

from mlgen.commands import completion, console, manual

Format = Literal["text", "concise", "json", "github", "gitlab", "sarif", "junit"]
Root = Annotated[
    Path | None,
    Option("--root", metavar="DIR", help="The platform repository; else the nearest folder upwards that is one."),
]
Form = Annotated[
    Format,
    Option(
        "--format",
        metavar="FORM",
        envvar="MLGEN_FORMAT",
        help="Print problems as text, concise, json, github, gitlab, sarif or junit; or $MLGEN_FORMAT.",
    ),
]
Page = Annotated[Literal["text", "json"], Option("--format", metavar="FORM", help="Print text or json.")]
Strict = Annotated[bool, Option("--strict", help="Let warnings count as problems.")]
Staged = Annotated[bool, Option("--staged", help="Look at what git would commit, not at the work tree.")]
Since = Annotated[
    str | None,
    Option("--since", metavar="REV", help="Only what a change since this revision of git can make a difference to."),
]
Targets = Annotated[
    list[str] | None,
    Argument(
        metavar="PROJECT|FILE",
        autocompletion=completion.projects,
        help="A project, its mlgen.yaml wherever that is, or a file in environments/; else all projects.",
    ),
]
Comparison = Annotated[
    Literal["text", "markdown", "json"],
    Option("--format", metavar="FORM", help="Print text, markdown for a pull request, or json."),
]
DryRun = Annotated[bool, Option("--dry-run", help="Say what it would do, and write nothing.")]
Name = Annotated[str, Argument(metavar="PROJECT", autocompletion=completion.projects, help="Its name.")]
Projects = Annotated[
    list[str] | None,
    Argument(metavar="PROJECT", autocompletion=completion.projects, help="A project; else all that change."),
]
Project = Annotated[
    str, Argument(metavar="PROJECT|FILE", autocompletion=completion.projects, help="A project or its mlgen.yaml.")
]
Environment = Annotated[
    str | None,
    Option("--env", "-e", metavar="ENV", help="Only this environment.", autocompletion=completion.environments),
]
OneEnvironment = Annotated[
    str, Option("--env", "-e", metavar="ENV", help="Where (required).", autocompletion=completion.environments)
]

Manifests = Annotated[
    list[str],
    Argument(
        metavar="FILE|DIR|-",
        autocompletion=completion.files,
        help="Manifests: YAML or JSON, a folder of them, or - for stdin.",
    ),
]
Base = Annotated[
    Path | None,
    Option("--base", metavar="FILE|DIR", help="Check the objects as updates of those here, by kind and name."),
]
Kubernetes = Annotated[
    str | None,
    Option("--kubernetes", metavar="VERSION", help="The cluster's version, such as 1.34; else --env's, or 1.35."),
]
Offer = Annotated[
    str | None,
    Option(
        "--env",
        "-e",
        metavar="ENV",
        help="Check them for what this environment of the platform repository offers.",
        autocompletion=completion.environments,
    ),
]


class Command(TyperCommand):
    """A command whose help begins with examples: the first paragraph of its docstring."""

    def get_params(self, ctx: Any) -> Any:
        return _hastened(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_manual(self, ctx))

    def get_short_help_str(self, limit: int = 45) -> str:
        return manual.summary(cleandoc(self.help or ""))


class Group(TyperGroup):
    """All commands, each with what it does."""

    def get_params(self, ctx: Any) -> Any:
        return _hastened(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_manual(self, ctx, [(name, one.get_short_help_str()) for name, one in self.commands.items()]))


def _hastened(parameters: Any) -> Any:
    """Keep what has its type already from Typer's coercion, which loads Pydantic: a third of a start-up."""
    for parameter in parameters:
        if "process_value" not in vars(parameter):
            parameter.process_value = _process(parameter)
    return parameters


def _process(parameter: Any) -> Any:
    coerced = parameter.process_value

    def process(ctx: Any, value: Any) -> Any:
        if isinstance(value, str) and _is_any_path(parameter.type_descriptor):
            value = Path(value)
        elif not _has_type(parameter.type_descriptor.annotation, value) or (value is None and parameter.required):
            return coerced(ctx, value)
        value = list(value) if isinstance(value, tuple) else value
        return value if parameter.callback is None else parameter.callback(ctx, parameter, value)

    return process


def _is_any_path(declared: Any) -> bool:
    """Whether it is a path that Typer would not look at."""
    info = declared.parameter_info
    return declared.annotation is Path and info.file_okay and info.dir_okay and not (info.exists or info.resolve_path)


def _has_type(annotation: Any, value: Any) -> bool:
    if isinstance(value, tuple):
        return annotation == list[str] and len(value) > 0
    return value is None or (annotation is str and isinstance(value, str)) or value in get_args(annotation)


def _manual(command: Any, ctx: Any, commands: manual.Rows = ()) -> str:
    arguments, options = [], []
    for parameter in command.get_params(ctx):
        if parameter.param_type_name == "argument":
            name = parameter.metavar if parameter.required else f"[{parameter.metavar}]"
            arguments.append((f"{name}..." if parameter.nargs != 1 else name, parameter.help or ""))
        else:
            options.append((manual.option(parameter.opts, parameter.metavar), parameter.help or ""))
    page = manual.Page(ctx.command_path, cleandoc(command.help or ""), arguments, options, commands)
    return manual.render(page, color=console.colourful(sys.stdout))


def usage(error: TyperException) -> str:
    """What is wrong with the arguments, and where to look."""
    message = error.format_message().replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "mlgen"
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} Try: {path} --help"
