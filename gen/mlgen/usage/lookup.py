"""The commands that look something up, as Typer has them."""

from typing import Annotated

from typer import Argument

from mlgen.arguments import Page, Root
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
        str, Argument(metavar="NAME", autocompletion=completion.schemas, help="project, environment or releases.")
    ] = "project",
) -> int:
    """mlgen schema project > project.json

    Print the JSON Schema of a kind of file, for editors.
    """
    from mlgen.commands import schema as command

    return command.schema(name)


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
