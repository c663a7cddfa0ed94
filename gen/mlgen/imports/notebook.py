"""A Notebook of Kubeflow's -> a workload of kind `notebook` with one user.

Its objects are called after the workload and the user: a name that ends in the user's comes out as it was.
"""

from mlgen.imports.form import Asked, Form
from mlgen.imports.naming import Words, name
from mlgen.imports.source import Source, text, whole
from mlgen.node import Path

POD: Path = ("spec", "template", "spec")
CONTAINER: Path = (*POD, "containers", 0)


def words(asked: Asked) -> Words:
    """Whose it is: what stands after the last dash of its name, else its namespace."""
    called = text(asked.body, "metadata", "name")
    user = called.rpartition("-")[2] if "-" in called else text(asked.body, "metadata", "namespace") or "me"
    return {
        "users": [name(user)],
        "port": whole(asked.body, *CONTAINER, "ports", 0, "containerPort"),
    }


def called(source: Source) -> str:
    """The workload's name: without the user."""
    return source.name.rpartition("-")[0] or source.name


# Where its home is mounted there is one of mlgen's, too: volumes stay what they are.
FORM = Form(kind="notebook", platform="kubeflow-notebooks-1.10", pods=(POD,), more=words, called=called, mounts=False)
