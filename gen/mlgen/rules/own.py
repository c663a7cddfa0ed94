"""A platform repository's own kinds of workload -> rules: what kinds/ has to say, and what its cases prove."""

from mlgen.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "bad-kind",
        "A kind of the platform's own that does not hold together",
        "Its schema is what users read and its templates are what becomes of their words: a key that no template uses "
        "would be ignored in silence, and a template that needs what nobody has to write would fail for somebody else.",
        'kinds/dask/schema.json: "workers": {"description": "How many."}',
        'kinds/dask/schema.json: "workers": {"description": "How many.", "type": "integer", "minimum": 1}',
    ),
    Rule(
        "bad-component",
        "A Kustomize Component whose outcome mlgen cannot tell",
        "What mlgen builds, checks and shows is what Kustomize will build, so it has to make the same of a component "
        "without running Kustomize: objects that are added, and patches of kinds that are not runs.",
        "images: [{name: notebook, newTag: latest}]          # in components/nfs-home/kustomization.yaml",
        "patches: [{path: home.yaml, target: {kind: StatefulSet}}]",
        "https://kubectl.docs.kubernetes.io/guides/config_management/components/",
    ),
    Rule(
        "failed-case",
        "A case of a kind comes out otherwise than it says",
        "Cases are what a kind promises: whoever changes its schema or its template sees here what that breaks.",
        "workload: {kind: dask, workers: 4, command: [python]}\n"
        "objects:\n  - {kind: DaskJob, spec: {cluster: {spec: {worker: {replicas: 3}}}}}",
        "workload: {kind: dask, workers: 4, command: [python]}\n"
        "objects:\n  - {kind: DaskJob, spec: {cluster: {spec: {worker: {replicas: 4}}}}}",
    ),
)
