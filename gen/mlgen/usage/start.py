"""The commands that one begins with, as Typer has them."""

from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option

from mlgen.arguments import Form, Root, Strict
from mlgen.commands import Call, call, completion


def init(
    folder: Annotated[Path, Argument(metavar="DIR", file_okay=False, help="Where, if not here.")] = Path(),
    ci: Annotated[
        Literal["github", "gitlab"] | None,
        Option("--ci", metavar="HOST", help="Write pipelines, owners and a Renovate preset for github or gitlab, too."),
    ] = None,
) -> Call:
    """mlgen init
    mlgen init ml-platform
    mlgen init --ci github

    Make a platform repository: environments, schemas for the editor, a first project. What is there stays. With --ci,
    also what checks every pull request, and builds, releases and commits what is merged.
    """
    return call("init", folder, ci)


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
) -> Call:
    """mlgen new churn
    mlgen new churn --example churn

    Make a project after an example. What is there stays.
    """
    return call("new", root, project, example=example)


def import_(
    targets: Annotated[
        list[str],
        Argument(
            metavar="FILE|DIR|-",
            autocompletion=completion.files,
            help="Manifests: YAML or JSON, a folder of them, or - for stdin.",
        ),
    ],
    output: Annotated[
        Path | None,
        Option("--output", "-o", metavar="FILE", help="Write the spec there, such as projects/churn/mlgen.yaml."),
    ] = None,
    form: Form = "text",
    strict: Strict = False,
) -> Call:
    """mlgen import train.yaml > mlgen.yaml
    mlgen import manifests --output projects/mnist/mlgen.yaml
    mlgen import k8s/overlays       kustomizations, each an environment

    Make a spec of Kubernetes manifests. Say where everything went that is not in its own words, which environment
    offers what it needs, and prove it: what the spec builds is compared with what was imported. Kustomizations are read
    as far as that needs no Kustomize; with - what `kubectl kustomize DIR` prints.
    """
    return call("importing.import_", targets, output, form=form, strict=strict)


COMMANDS = (init, new, import_)
