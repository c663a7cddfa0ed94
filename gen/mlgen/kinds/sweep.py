"""A ``sweep`` workload on a plain cluster -> one indexed Job, whose pods each try one set of parameters.

The sets lie in a ConfigMap, one file each, by the number of the pod that tries it. A pod mounts its own: Kubernetes
fills in the number, so that the image needs no shell.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from mlgen import peers, spot
from mlgen.kinds import training, trials
from mlgen.objects import Object, content_hash, metadata, named, workload_labels
from mlgen.pod import Pod, Volume
from mlgen.problem import MlgenError, Problem
from mlgen.search_space import Trial, grid, sample
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

OPERATOR = "katib-0.19"  # what does the rest


def build(workload: Workload) -> Iterator[Object]:
    """The sets, the Job, and what stands around them."""
    sets = tried(workload)
    volume = told(workload, sets)
    run = training.job(workload, lambda env: spec(workload, env, sets, volume))
    yield from training.objects(workload, trial(workload, {}, volume), run, peers=False)


def tried(workload: Workload) -> Sequence[Trial]:
    """The sets of parameters. Raises MlgenError for what needs somebody who looks at results."""
    algorithm = trials.searched(workload)
    wanted = list(_adaptive(workload, algorithm))
    if wanted:
        raise MlgenError(*wanted)
    if algorithm == "grid":
        return list(grid(workload.spec["parameters"]))
    seed = workload.spec.get("seed")
    number = int(said(workload.spec["trials"]))
    return sample(workload.spec["parameters"], 0 if seed is None else int(said(seed)), number)


def spec(workload: Workload, env: Mapping[str, Draft], sets: Sequence[Trial], volume: Volume) -> Mapping[str, Draft]:
    """The spec of the Job. A trial that fails takes no other with it."""
    parameters = workload.spec["parameters"]
    return {
        "completionMode": made("Indexed", parameters),
        "completions": made(len(sets), parameters, workload.spec.get("trials")),
        "parallelism": trials.at_most(workload, "parallel"),
        "backoffLimitPerIndex": workload.spec["retries"],
        "maxFailedIndexes": trials.at_most(workload, "failures"),
        **spot.forgiven(workload),
        "template": trial(workload, env, volume).template,
    }


def trial(workload: Workload, env: Mapping[str, Draft], volume: Volume) -> Pod:
    """The pod of one trial."""
    return trials.trial(workload, env, peers.INDEX, volume)


def told(workload: Workload, sets: Sequence[Trial]) -> Volume:
    """The ConfigMap with the sets, which never changes under its name, and how a pod sees its own."""
    parameters = workload.spec["parameters"]
    sources = (parameters, *(workload.spec.get(key) for key in ("algorithm", "trials", "seed")))
    data = {f"{number}.json": made(json.dumps(one), *sources) for number, one in enumerate(sets)}
    name = named(workload, "parameters", content_hash(data), sources=(parameters,))
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(workload.site, name, workload_labels(workload)),
        "immutable": True,
        "data": data,
    }
    return Volume(
        trials.VOLUME,
        trials.PARAMETERS,
        {"configMap": {"name": name}},
        made(True, parameters),
        objects=(Object(body, (workload.key,), shared=False),),
        own=f"$({trials.TRIAL}).json",
    )


def _adaptive(workload: Workload, algorithm: str) -> Iterator[Problem]:
    """What a plain cluster has nobody for: who looks at the results of trials before he starts others."""
    environment = workload.site.offer["name"]
    wanted = {
        ("algorithm",): "" if algorithm in ("grid", "random") else "say `algorithm: random`",
        ("objective", "target"): "take the `target` away with `null`",
        ("earlyStopping",): "take it away with `null`",
    }
    for path, instead in wanted.items():
        node = workload.spec.find(*path)
        if node is not None and instead:
            key = ".".join(path)
            message = f"nothing in `{said(environment)}` looks at the results of trials, as `{key}` of "
            hint = (
                f"if its cluster has Katib, give the environment `platform: {{sweep: {OPERATOR}}}`; if not, {instead}"
            )
            related = ((environment.span, "this environment"),)
            yield Problem("needs-katib", node.span, f"{message}`{workload.name}` wants", hint, related=related)
