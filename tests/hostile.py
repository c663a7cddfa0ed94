"""Texts that mean harm, in every role that a user's text can have -> what mlgen makes of them, within bounds.

python -m tests.hostile ROLE SHARE OF       every OF-th text from the SHARE-th on; prints how many commands ran
"""

import hashlib
import json
import re
import resource
import signal
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.commands.diff_test import committed, git
from tests.document_test import bomb
from tests.nasty import NUMBERS, WORDS
from tests.terminal import DEV, HEAD, Done, mlgen, repository

from mlgen.commands.console import ISSUES
from mlgen.report import FORMATS

SECONDS, BYTES = 5, 512 << 20  # a command at most
DEEP = 20_000
STEERING = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))  # what may steer a terminal, hide, or reverse what is read

# What is written as a text, in quotes. Each of these groups is about one reader that might take it for more than text.
TEXTS: Mapping[str, list[str]] = {
    "shells": [
        "$(touch hacked)",
        "`touch hacked`",
        "'; touch hacked; '",
        '"; touch hacked; "',
        "a && touch hacked",
        "a | touch hacked",
        "a\ntouch hacked\n",
        "$IFS$9",
        "${PATH}",
        "%PATH%",
        "~root",
        "-rf",
        "--upload-pack=touch hacked",
        "*",
        "!!",
    ],
    "templates": [
        "{{ 7*7 }}",
        "{{ environment }}",
        "{{ environment.name.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ environment.name | attr('__class__') }}",
        "{% for a in b %}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{# comment #}",
        "{{ environment.name",
        "{{",
        "}}",
        "{{ 'a' * 10000000000 }}",
        "{{ range(10**9) }}",
        "{{ environment.name | replace('e', 'x' * 9) }}",
        "{{ self }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ environment[name] }}",
        "{{ environment.missing }}",
        "{{ release.tag }}",
        "${{ github.token }}",
        "$(CONTAINER_VARIABLE)",
        "{{inputs.parameters.x}}",
        "{{workflow.name}}",
    ],
    "paths": [
        "/etc/passwd",
        "../../outside/hacked",
        "..",
        ".",
        "a/../../b",
        "a//b",
        "C:\\Windows",
        "\\\\server\\share",
        "//server/share",
        "file:///etc/passwd",
        "con",
        "nul",
        "aux.txt",
        "a:b",
        "a\x00b",
        ".git/config",
        "base",
        "clusters",
        "overlays",
        "a" * 300,
        "a/" * 500,
        "%2e%2e%2f",
    ],
    "markup": [
        "<script>alert(1)</script>",
        "]]>",
        "<!--",
        "&lt;&amp;&#0;",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
        "```\n# head\n```",
        "~~~",
        "</details>",
        "[link](javascript:alert(1))",
        "![image](https://example.com/x.png)",
        "@everyone",
        "| a | b |\n|---|---|",
        "<!-- mlgen diff -->",
        "end\n```mermaid\ngraph TD\n```",
        '"]; click a call b()',
    ],
    "logs": [
        "::error::forged",
        "a\n::error file=x::forged",
        "a\r::set-output name=x::y",
        "##[error]forged",
        "a\n##vso[task.setvariable variable=x]y",
        "%0A::error::forged",
        "\x1b[31mred\x1b[0m",
        "\x1b]0;title\x07",
        "\x1b[2J\x1b[H",
        "a\rb",
        "a\x08\x08b",
        "section_start:0:x[collapsed=true]\r\x1b[0K",
        "\x9b31m",
        "a\u2028b\u2029c",
    ],
    "characters": [
        "\u202egnp.exe",
        "a\u200bb",
        "\ufeffa",
        "e\u0301",
        "é",
        "\u0430dmin",
        "١٢٣",
        "\U0001d518\U0001d52b",
        "😀" * 50,
        "\uffff",
        "\ud7ff",
        "\U0010ffff",
        "\x7f",
        "\x85",
        "a\tb",
        " a",
        "a ",
        "",
        " ",
        "\n",
        "a\n\nb\n",
        "Z" * 100_000,
        "İ",
        "ß",
        "ﬁ",
    ],
    "manifests": [
        "x\n---\napiVersion: v1\nkind: Pod",
        "x\nkind: Secret",
        "# c",
        "a: b",
        "- a",
        "*a",
        "&a",
        "!!python/object/apply:os.system [id]",
        "<<",
        "|",
        ">-",
        "'",
        '"',
        "{",
        "[",
        "{}",
        "[]",
        "%YAML 9.9",
        "...",
        "a #b",
        "? a",
    ],
    "patterns": ["a" * 50_000 + "!", "-" * 10_000, "a-" * 5_000, "1." * 5_000, "@sha256:" * 1_000, " " * 20_000 + "x"],
    "addresses": [
        "https://user:hunter2secret@example.com/x",
        "ext::sh -c 'touch hacked'",
        "git@-oProxyCommand=touch:x",
        "http://169.254.169.254/latest/meta-data",
        "[::1]:80",
        "10.0.0.1",
        "999.999.999.999",
        "example.com:99999999",
        "user@host@host",
        "registry/a:b@sha256:" + "0" * 64,
        "a@sha256:short",
        "A/B:C",
        ":tag",
        "@",
        "a::b",
    ],
    "words": [*WORDS],
    "numbers": [*NUMBERS],
}
# What is written bare, so that it is no text: it goes where a value stands.
BARE: Mapping[str, list[str]] = {
    "bombs": [bomb(9, 9), "&a {b: *a}", "&a [*a]", "*nothing", "{<<: {a: 1}}", "[" + "0," * 60_000 + "]"],
    "depth": ["[" * DEEP, "{a: " * DEEP, "- " * DEEP, "[" * DEEP + "]" * DEEP, "!!a " * 1_000 + "x"],
    "tags": ["!!python/object/apply:os.system [id]", "!!int abc", "!!binary =", "!!set {a}", "!x y", "!!str", "!"],
    "values": ["", "~", "null", "[]", "{}", "[[]]", "{a: {}}", "true", ".nan", ".inf", "-.inf", "2024-13-45", "!!null"],
    "sizes": [
        "0",
        "-1",
        "-0",
        "1e400",
        "9" * 400,
        "1" * 5_000,
        "0x" + "f" * 5_000,
        "1e999999999",
        "0.1",
        "1_0",
        "1:30",
    ],
    "words": [*WORDS],
    "numbers": [*NUMBERS],
    "structure": [
        "\t",
        "a\n  b: c",
        "a\nworkloads: {}",
        "|\n  a\n b",
        '"a',
        "'a",
        "{a",
        "[a",
        "a]",
        "}",
        "a: b: c",
        "@a",
        "`a",
    ],
}
SPEC = (
    HEAD.format("Project", "{name}")
    + """\
owner: {owner}
description: {description}
manifests: [manifests/a.yaml]
data:
  lake: {{blob: {blob}, access: read}}
  scratch: {{scratch: {size}}}
secrets: {{maps: [{secret}]}}
workloads:
  {workload}:
    kind: pytorch
    image: {image}
    command: [run, {argument}]
    env: {{{variable}: {value}}}
    secrets: [maps]
    data: [lake, scratch]
    workers: {count}
    resources: {{cpu: {cpu}, memory: 1Gi}}
  often: {{kind: job, image: "ghcr.io/acme/a:1", schedule: {schedule}}}
  serve:
    kind: serving
    server: custom
    image: ghcr.io/acme/web:1.0
    host: {host}
environments: {{dev: {{}}}}
"""
)
SOUND = {
    "name": "evil",
    "owner": "team",
    "description": "fine",
    "blob": "lake/raw",
    "size": "1Gi",
    "secret": "KEY",
    "workload": "train",
    "image": '"ghcr.io/acme/a:1"',
    "argument": "x",
    "variable": "A",
    "value": "x",
    "count": "2",
    "cpu": "1",
    "schedule": '"0 2 * * *"',
    "host": "evil",
}
STORAGE = "storage: {blob: {driver: azure-blob, account: acme, resourceGroup: ml, identity: {clientId: %s}}}\n"
OFFER = (
    DEV
    + "domain: ml.example.com\nnetwork: {ingress: {class: nginx}}\n"
    + STORAGE % '"4c2e1b0a-0000-4000-8000-000000000000"'
)
CONFIGURED = {"name": "a", "note": "b", "value": "c"}
CONFIG = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  annotations: {{a: {note}}}\ndata: {{k: {value}}}\n"
)


class Role(NamedTuple):
    """What a text stands for: the file that says so, where in it, and a text that is as it should be."""

    file: str
    around: str
    sound: str


SPEC_FILE, MANIFEST, ENVIRONMENT, RELEASES = (
    *("projects/evil/mlgen.yaml", "projects/evil/manifests/a.yaml"),
    *("environments/dev.yaml", "projects/evil/releases.yaml"),
)
RELEASED = HEAD.format("Releases", "x").replace("name: x\n", "environments: {{dev: {{{}}}}}\n")
ROLES: Mapping[str, Role] = {
    **{role: Role(SPEC_FILE, SPEC.format(**{**SOUND, role: "%s"}), text) for role, text in SOUND.items()},
    **{
        f"manifest's {role}": Role(MANIFEST, CONFIG.format(**{**CONFIGURED, role: "%s"}), text)
        for role, text in CONFIGURED.items()
    },
    "namespace": Role(ENVIRONMENT, OFFER + "namespace: %s\n", '"ml-{{ project.name }}"'),
    "registry": Role(ENVIRONMENT, OFFER + "registry: {host: %s}\n", "registry.example.com"),
    "node": Role(ENVIRONMENT, OFFER + "gpus: {a100: {resource: nvidia.com/gpu, nodeSelector: {a: %s}}}\n", "b"),
    "digest": Role(RELEASES, RELEASED.format('images: {"ghcr.io/acme/a": %s}'), f'"1@sha256:{"a" * 64}"'),
    "request": Role(RELEASES, RELEASED.format("runs: {train: %s}"), "again"),
    "document": Role(SPEC_FILE, "%s", SPEC.format(**SOUND)),
}


def written() -> Iterator[str]:
    """Every text as it may be written in a document."""
    for texts in TEXTS.values():
        yield from (json.dumps(text, ensure_ascii=False) for text in texts)
    for texts in BARE.values():
        yield from texts


def commands(number: int, *, all_formats: bool) -> Iterator[list[str]]:
    """What is run for one text: in each format, or in one of them, each in its turn."""
    for form in FORMATS if all_formats else [FORMATS[number % len(FORMATS)]]:
        yield ["validate", "--format", form]
        yield ["lint", "projects/evil/manifests", "--format", form]
    yield ["import", "projects/evil/manifests/a.yaml"]
    yield ["render"]
    yield ["diff", "--format", "markdown"] if number % 2 else ["diff"]


class Sandbox:
    """A platform that is rendered and committed, in a folder with nothing else but a canary."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, repository(folder / "root")
        (folder / "outside").mkdir()
        (folder / "outside/canary").write_text("alive")
        self.put("document", ROLES["document"].sound)
        assert mlgen(self.root, "render").code == 0
        git(self.root, "init", "--quiet")
        committed(self.root)
        self.before = digest(folder)

    def put(self, role: str, text: str) -> None:
        """Everything sound, but for ``text`` where ``role`` says."""
        for one in (ROLES["document"], ROLES["manifest's name"], ROLES[role]):
            (self.root / one.file).parent.mkdir(parents=True, exist_ok=True)
            (self.root / one.file).write_text(
                one.around.replace("%s", text if one is ROLES[role] else one.sound), "utf-8"
            )
        if role not in ("namespace", "registry", "node"):
            (self.root / "environments/dev.yaml").write_text(OFFER)

    def run(self, arguments: list[str]) -> Done:
        """A command, within its time."""
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # whose signal kills: nothing answers it
        done = mlgen(self.root, *arguments)
        signal.setitimer(signal.ITIMER_PROF, 0)
        return done

    def restore(self) -> None:
        """Take away what a rendering may write, and see that there is nothing else."""
        git(self.root, "checkout", "--quiet", "--force", "HEAD")
        git(self.root, "clean", "--quiet", "--force", "-d", "projects", "overlays")
        assert digest(self.folder) == self.before, "something lies where nothing may"


def judged(arguments: list[str], done: Done) -> None:
    """What holds for everything that is said."""
    said, form = done.out + done.err, arguments[-1]
    assert done.code in (0, 1, 2)
    assert "Traceback" not in said
    assert ISSUES not in said
    if form in ("json", "gitlab", "sarif") and done.out:
        json.loads(done.out)
    elif form == "junit" and done.out:
        ET.fromstring(done.out)
    assert not {character for character in said if unicodedata.category(character) in STEERING} - {"\n"}
    for line in said.splitlines():
        obeyed = line.lstrip().startswith("::") or "##[" in line or "##vso[" in line
        assert not obeyed or form != "github" or re.match("::(error|warning|notice) ", line), line


def digest(folder: Path) -> str:
    """Of all names and contents below a folder, but for git's own."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if ".git" not in path.parts:
            found.update(f"{path.relative_to(folder)} {path.is_symlink()}\0".encode(errors="surrogateescape"))
            found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()


def run(role: str, share: int, of: int) -> int:
    """Try ``role`` with every ``of``-th text; how many commands ran. Raises AssertionError for what must not be."""
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(Path(folder).resolve())
        sandbox.put(role, ROLES[role].sound)
        done = sandbox.run(["validate", "--format", "concise"])
        assert done.code == 0, f"{role}: {done.out}"
        for number, text in list(enumerate(written()))[share::of]:
            sandbox.put(role, text)
            rendered = digest(sandbox.root / "overlays")
            try:
                for arguments in commands(number, all_formats=of == 1):
                    done = sandbox.run(arguments)
                    judged(arguments, done)
                    before, rendered = rendered, digest(sandbox.root / "overlays")
                    may_write = arguments == ["render"] and done.code == 0
                    assert may_write or rendered == before, "this was refused, and written"
                    count += 1
                sandbox.restore()
            except AssertionError as error:
                raise AssertionError(
                    f"{role} {text[:100]!r}: {arguments}: {error}\n{done.out}{done.err}"[:3000]
                ) from error
    return count


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    print(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
