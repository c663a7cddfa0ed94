"""A template of a workflow that Argo refuses."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.operators.workflow import RUNS, steps, tasks, templates, workflow
from mlgen.pods import named
from mlgen.problem import Fault, Severity
from mlgen.rules.rule import Rule

RULE = Rule(
    id="workflow-template",
    title="A template of a workflow that Argo refuses",
    why="A template is one thing: a container, a script, a resource, steps, a graph ...; names are there once.",
    bad="templates: [{name: train, container: {...}, script: {...}}]",
    good="templates: [{name: train, container: {...}}]",
    source="argo-workflows v4.1, workflow/validate/validate.go: validateTemplateType; the CRD's rules",
)
TYPES = "container containerSet script resource steps dag suspend data http plugin".split()
INNER = ("steps", "dag")
LEAF_ONLY = ("activeDeadlineSeconds", "timeout")


def check(body: Body) -> Iterator[Fault]:
    """Each template, and the steps and tasks in it."""
    defaults = map_at(workflow(body)[1], "templateDefaults")
    seen: set[str] = set()
    for path, template in templates(body):
        name = text_at(template, "name")
        if name and name in seen:
            yield Fault((*path, "name"), RULE.id, f"two templates are called {code(name)}", "rename one of the two")
        seen.add(name)
        kinds = [kind for kind in TYPES if template.get(kind) is not None]
        if len(kinds) > 1:
            said = " and ".join(code(kind) for kind in kinds)
            yield Fault(
                (*path, kinds[1]), RULE.id, f"a template is one thing, and this one has {said}", "make two of it"
            )
        elif not kinds and not any(defaults.get(kind) is not None for kind in TYPES):
            # Nobody looks at a template of templates before something runs it.
            severity: Severity = "error" if named(body) in RUNS else "warning"
            yield Fault(path, RULE.id, "this template does nothing", f"add one of: {', '.join(TYPES)}", severity)
        for field in LEAF_ONLY:
            if kinds and kinds[0] in INNER and template.get(field) is not None:
                message = f"{code(field)} is for what runs itself, not for {code(kinds[0])}"
                yield Fault((*path, field), RULE.id, message, "set it on the templates that it calls")
        resource = map_at(template, "resource")
        if resource.get("manifest") and resource.get("manifestFrom"):
            message = "`manifest` and `manifestFrom` both say what to make"
            yield Fault((*path, "resource", "manifestFrom"), RULE.id, message, "keep one of the two")
        called: set[str] = set()
        for where, call in (*steps(template, path), *tasks(template, path)):
            name = text_at(call, "name")
            if name and name in called:
                yield Fault((*where, "name"), RULE.id, f"{code(name)} is there twice", "rename one of the two")
            called.add(name)
