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
        "failed-case",
        "A case of a kind comes out otherwise than it says",
        "Cases are what a kind promises: whoever changes its schema or its template sees here what that breaks.",
        "workload: {kind: dask, workers: 4, command: [python]}\n"
        "objects:\n  - {kind: DaskJob, spec: {cluster: {spec: {worker: {replicas: 3}}}}}",
        "workload: {kind: dask, workers: 4, command: [python]}\n"
        "objects:\n  - {kind: DaskJob, spec: {cluster: {spec: {worker: {replicas: 4}}}}}",
    ),
)
