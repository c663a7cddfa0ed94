"""Rules about what an environment must offer so that a workload can be built there."""

from mlgen.rules.rule import Rule

RULES = (
    Rule(
        id="no-image",
        title="A workload has no image to run",
        why="A container needs one: the workload's own, the project's, or the one the environment gives to its server.",
        bad="workloads:\n  train: {kind: job}",
        good="image: churn\nworkloads:\n  train: {kind: job}",
    ),
    Rule(
        id="no-registry",
        title="An image without a host in an environment without a registry",
        why="Nobody knows where it would come from.",
        bad="image: churn            # and the environment has no `registry`",
        good="registry: {host: acme.azurecr.io}            # in the environment",
    ),
    Rule(
        id="no-blob-storage",
        title="Data in blob storage in an environment that has none",
        why="There is nothing to mount.",
        bad="data: {features: {blob: churn/features}}            # and the environment has no `storage.blob`",
        good="storage:\n  blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}",
    ),
    Rule(
        id="two-credentials",
        title="Blob storage with both an identity and a secret",
        why="The driver uses one of them, and which is not to be seen in the file.",
        bad="blob: {identity: {clientId: ...}, secret: acmeml-blob, ...}",
        good="blob: {identity: {clientId: ...}, ...}",
        source="kubernetes-sigs/blob-csi-driver, docs/driver-parameters.md",
    ),
    Rule(
        id="no-way-in",
        title="A host in an environment that lets no requests in",
        why="A route needs the environment's domain, and its ingress controller or gateway.",
        bad="host: churn            # and the environment has no `domain`",
        good="domain: ml.example.com\nnetwork: {ingress: {class: nginx}}            # in the environment",
    ),
    Rule(
        id="server-needs-model",
        title="A model server without a model, or a model without a version",
        why="A server that follows the newest version would make the folder the truth, not git.",
        bad="server: tensorflow-serving",
        good="server: tensorflow-serving\nmodel: {data: models, name: churn, version: 42}",
    ),
    Rule(
        id="server-takes-no-model",
        title="A custom server with a model",
        why="mlgen would not know how to tell the server of it, and the key would have no effect.",
        bad="server: custom\nmodel: {data: models, name: churn, version: 42}",
        good="server: custom\ndata: [models]\nargs: [--model=/data/models/churn/42]",
    ),
    Rule(
        id="not-for-this-server",
        title="A key that only a custom server takes",
        why="The server has its own command, port and health path, and the key would have no effect.",
        bad="server: tensorflow-serving\nport: 9000",
        good="server: custom\nport: 9000",
    ),
    Rule(
        id="name-collision",
        title="Two parts of a project make the same object",
        why="One would overwrite the other.",
        bad="workloads:\n  lab: {kind: notebook, users: [anna]}\n  lab-anna: {kind: serving, server: custom}",
        good="workloads:\n  lab: {kind: notebook, users: [anna]}\n  demo: {kind: serving, server: custom}",
    ),
    Rule(
        id="cluster-collision",
        title="Two projects or environments write the same object into one cluster",
        why="Whoever applies last would win, and each would undo the other.",
        bad="cluster: aks-west-1\nnamespace: 'ml-{{ project.name }}'            # in staging.yaml and in prod.yaml",
        good="cluster: aks-west-1\nnamespace: 'ml-{{ project.name }}-{{ environment.name }}'",
    ),
)
