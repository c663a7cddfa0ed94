"""How a pod resolves names, where that cannot work."""

from collections.abc import Iterator

from mlgen.body import list_at
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="dns-config",
    title="A pod without a name server, or with more than libc reads",
    why="The API server refuses the pod. With `dnsPolicy: None` all comes from `dnsConfig`, so that needs a name "
    "server; resolvers read three of them, and 32 search domains of 2,048 characters in all.",
    bad="dnsPolicy: None",
    good="dnsPolicy: None\ndnsConfig: {nameservers: [10.0.0.10]}",
    source="kubernetes/pkg/apis/core/validation: validatePodDNSConfig",
)
NAMESERVERS, SEARCHES, CHARACTERS = 3, 32, 2048


def check(pod: Pod) -> Iterator[Fault]:
    """The pod's `dnsPolicy` and `dnsConfig`."""
    spec = pod.spec
    if spec.get("dnsPolicy") == "None" and not list_at(spec, "dnsConfig", "nameservers"):
        message = "`dnsPolicy: None` needs a name server"
        yield Fault((*pod.path, "dnsPolicy"), RULE.id, message, "add `dnsConfig: {nameservers: [...]}`")
    if "dnsConfig" not in spec:
        return
    where = (*pod.path, "dnsConfig")
    if (count := len(list_at(spec, "dnsConfig", "nameservers"))) > NAMESERVERS:
        message = f"{count} name servers are more than the {NAMESERVERS} that are read"
        yield Fault((*where, "nameservers"), RULE.id, message, "take some away")
    searches = [search for search in list_at(spec, "dnsConfig", "searches") if isinstance(search, str)]
    if len(searches) > SEARCHES or len(" ".join(searches)) > CHARACTERS:
        message = f"more than {SEARCHES} search domains, or {CHARACTERS} characters of them"
        yield Fault((*where, "searches"), RULE.id, message, "take some away")
