"""The place of a model that KServe's storage initializer does not know."""

import re
from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.operators.inference_service import SERVERS
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="storage-uri",
    title="A model's place that KServe does not know how to fetch",
    why="The storage initializer knows these schemes; another needs a ClusterStorageContainer of the platform's.",
    bad="storageUri: azure://acmeml/models/churn",
    good="storageUri: https://acmeml.blob.core.windows.net/models/churn/42",
    source="kserve v0.20, pkg/controller/v1beta1/inferenceservice/utils: ValidateStorageURI",
)
SCHEME = re.compile(r"([A-Za-z0-9_+]+)://")
SCHEMES = tuple("gs s3 pvc file https http hdfs webhdfs oci oci+native hf git".split())


def check(body: Body) -> Iterator[Fault]:
    """The predictor's model."""
    predictor = map_at(body, "spec", "predictor")
    for name in predictor:
        uri = text_at(predictor, name, "storageUri") if name in SERVERS else ""
        found = SCHEME.match(uri)
        if found and found[1] not in SCHEMES:
            message = f"KServe itself fetches nothing from {code(found[0])}"
            mend = did_you_mean(found[1], SCHEMES)
            yield Fault(("spec", "predictor", name, "storageUri"), RULE.id, message, mend, "warning")
