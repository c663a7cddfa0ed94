"""One environment variable is set twice."""

from collections.abc import Iterator, Mapping, Sequence

from mlgen import connections, kinds, secrets
from mlgen.kinds import idle, kserve, kserve_0_16, kserve_0_20, notebook_kubeflow, pytorch, tensorflow_jobset, trials
from mlgen.problem import Problem, Span
from mlgen.rules.rule import Rule
from mlgen.servers import SERVERS
from mlgen.site import Pipeline, Workload
from mlgen.trace import said

RULE = Rule(
    id="variable-collision",
    title="One environment variable is set twice",
    why="The last one wins, and which is last is not to be seen in the spec. An operator may take one for itself, too: "
    "KServe fetches whatever STORAGE_URI names.",
    bad="env: {MAPS_KEY: none}\nsecrets: [maps-api]        # which has the key MAPS_KEY",
    good="secrets: [maps-api]",
)
OWN = ("MLGEN_RUN", "MLGEN_POD")
# Where the pods of a training find each other.
OF_KIND = {
    "notebook": (idle.VARIABLE,),
    "pytorch": pytorch.VARIABLES,
    "sweep": trials.VARIABLES,
    "tensorflow": tensorflow_jobset.VARIABLES,
}
INSTEAD = {
    "notebook": "remove it, or `idle`",
    "pytorch": "remove it: a flag in the `command`, such as `torchrun --nproc-per-node=4`, wins over it",
    "sweep": "choose another name",
    "tensorflow": "remove it: each pod is told its own",
}


def check(workload: Workload) -> Iterator[Problem]:
    """Variables of `env`, of connections, keys of secrets, and those that mlgen sets."""
    taken: dict[str, Span] = {}
    own = _own(workload)
    for name, span, source in _set(workload):
        if name in own:
            message = f"{own[name]} `{name}` itself"
            if source:
                message = f"{source} sets `{name}`, which {own[name]} itself"
            instead = INSTEAD[workload.kind] if name in _of_kind(workload) else "choose another name"
            yield Problem(RULE.id, span, message, "rename that key" if source else instead)
        if name in taken:
            message = f"{source} sets `{name}`, which is set already"
            related = ((taken[name], "it is set here"),)
            yield Problem(RULE.id, span, message, "remove one of the two", related=related)
        taken[name] = span


def parameters(pipeline: Pipeline, workload: Workload) -> Iterator[Problem]:
    """Parameters of a pipeline that set what a workload that it starts has already."""
    given = pipeline.parameters
    taken, own = {name: span for name, span, _ in _set(workload)}, _own(workload)
    for name in given.entries if given is not None else ():
        span = given.key_span(name) if given is not None else pipeline.key.span
        if name in own:
            yield Problem(RULE.id, span, f"{own[name]} `{name}` itself in `{workload.name}`", "choose another name")
        elif name in taken:
            message = f"`{pipeline.name}` sets `{name}`, which `{workload.name}` has already"
            yield Problem(RULE.id, span, message, "remove one of the two", related=((taken[name], "it is set here"),))


def _own(workload: Workload) -> dict[str, str]:
    """The variables that nobody else may set, and who does what with each."""
    server = workload.spec.get("server")
    names = [
        *OWN,
        *_of_kind(workload),
        *(SERVERS[said(server)].VARIABLES if server is not None else ()),
    ]
    backend = kinds.backend(workload)
    theirs: Mapping[str, str] = {}
    if backend is notebook_kubeflow:
        theirs = dict.fromkeys(notebook_kubeflow.VARIABLES, "Kubeflow sets")
    elif backend in (kserve_0_16, kserve_0_20):
        theirs = kserve.VARIABLES
    return {**dict.fromkeys(names, "mlgen sets"), **theirs}


def _of_kind(workload: Workload) -> Sequence[str]:
    """The variables of its kind; a notebook has its own only where it may be idle for no longer than so long."""
    return () if workload.kind == "notebook" and idle.KEY not in workload.spec else OF_KIND.get(workload.kind, ())


def _set(workload: Workload) -> Iterator[tuple[str, Span, str]]:
    """Every variable, where the workload asks for it, and what sets it if not the workload's own `env`."""
    env = workload.spec.get("env")
    for key in env.entries if env is not None else ():
        yield key, env.key_span(key) if env is not None else workload.key.span, ""
    for name, offer in connections.used(workload):
        for key in offer["env"].entries if "env" in offer else ():
            yield key, name.span, f"the connection `{said(name)}`"
    for secret, keys, asked in secrets.used(workload):
        sort = "connection" if secret is asked else "secret"
        for item in keys.items:
            yield said(item), asked.span, f"the {sort} `{said(asked)}`"
