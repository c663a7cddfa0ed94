"""The commands that look something up, as Typer has them."""

from typing import Annotated

from typer import Argument, Option

from mlgen.arguments import Form, Page, Root
from mlgen.commands import Call, call, completion


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
) -> Call:
    """mlgen explain serving.replicas
    mlgen explain churn/prod
    mlgen explain churn/prod:Deployment/serve:spec.template.spec.containers.0.image

    Say what a field means, or from which lines a built value came and what they overrode.
    """
    return call("explain", root, what, form=form)


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
) -> Call:
    """mlgen schema project > project.json
    mlgen schema import crds.yaml    what `kubectl get crd -o yaml` prints

    Print the JSON Schema of a kind of file, or import the definitions of custom resources.
    """
    if name == "import":
        return call("schema_import.import_", root, files or [], check=check_only, form=form)
    return call("schema", root, name, files or [])


def rule(
    name: Annotated[
        str | None, Argument(metavar="ID", autocompletion=completion.rules, help="The rule; else a list of all.")
    ] = None,
    form: Page = "text",
) -> Call:
    """mlgen rule
    mlgen rule unknown-key

    Say what a rule means, why it is there and how it is kept.
    """
    return call("rule", name, form=form)


def platform(
    action: Annotated[
        str, Argument(metavar="list|show|detect", autocompletion=completion.platform, help="What to do.")
    ] = "list",
    name: Annotated[
        str | None,
        Argument(
            metavar="PROFILE|FILE",
            autocompletion=completion.profiles,
            help="The profile to show; or the definitions to detect one in, else those on stdin.",
        ),
    ] = None,
    form: Page = "text",
) -> Call:
    """mlgen platform list
    mlgen platform show kubeflow-26.03
    mlgen platform detect crds.yaml    what `kubectl get crd -o yaml` prints, from a file or stdin

    Say which profiles of platforms there are, and what each kind of workload runs on there. An environment names one
    as its `platform`; which one fits a cluster, its definitions of custom resources tell.
    """
    return call("platform", action, name, form=form)


COMMANDS = (explain, schema, rule, platform)
