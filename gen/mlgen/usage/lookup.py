"""The commands that look something up, as Typer has them."""

from typing import Annotated

from typer import Argument, Option

from mlgen.arguments import Form, Page, Root
from mlgen.commands import completion


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


COMMANDS = (explain, schema, rule)
