"""The text of a file -> rules: what the bounded reader refuses before anything looks at what the file says."""

from mlgen.rules.rule import Rule

_SPEC = "https://yaml.org/spec/1.2.2/"

RULES: tuple[Rule, ...] = (
    Rule(
        "ambiguous-scalar",
        "A bare word or number that YAML readers take for different things",
        "An editor reads YAML 1.2, many programs read YAML 1.1: `012` is twelve to one and ten to the other, `no` is "
        "text or false. Values of `env` are text as they stand and need no quotes.",
        "country: no\nstart: 1:30\nrate: 1e-4",
        'country: "no"\nstart: "1:30"\nrate: 0.0001',
        f"{_SPEC}#103-core-schema",
    ),
    Rule(
        "number-range",
        "A number that no 64 bits can hold",
        "Some readers round such a number, others refuse it, and JSON has neither infinity nor NaN.",
        "limit: 99999999999999999999",
        'limit: "99999999999999999999"',
    ),
    Rule(
        "duplicate-key",
        "A key that stands twice in one map",
        "Most readers keep the last of the two and say nothing, so half of what is written has no effect. In manifests "
        "it is a warning: kubectl takes the last.",
        "resources: {cpu: 2}\nresources: {memory: 8Gi}",
        "resources: {cpu: 2, memory: 8Gi}",
        f"{_SPEC}#3213-node-comparison",
    ),
    Rule(
        "key-not-text",
        "A key that is a number, a truth value, empty, a map or a list",
        "Maps are JSON objects in the end, and those have text for keys; readers turn other keys into different texts.",
        "labels: {1: first, true: yes-please}",
        'labels: {"1": first, "true": yes-please}',
    ),
    Rule(
        "bare-template",
        "A template in braces without quotes",
        "To YAML a brace begins a map, so `{{ project.name }}` left bare is a map with a map as its key.",
        "host: {{ project.name }}.example.com",
        'host: "{{ project.name }}.example.com"',
    ),
    Rule(
        "yaml-syntax",
        "Text that is not YAML",
        "Nothing after such a place can be read, so this problem hides all those behind it.",
        "name churn\nowner: growth-ml",
        "name: churn\nowner: growth-ml",
        _SPEC,
    ),
    Rule(
        "unclosed-quote",
        "A quote that is never closed, or only lines later",
        "Everything up to the next quote becomes part of the text, so the place to mend is where the quote was opened.",
        'description: "Which drivers will stop?\nowner: growth-ml',
        'description: "Which drivers will stop?"\nowner: growth-ml',
    ),
    Rule(
        "tab-indentation",
        "A tab where a line is indented",
        "How many columns a tab is worth is for the editor to say, so YAML allows spaces only.",
        "resources:\n\tcpu: 2",
        "resources:\n  cpu: 2",
        f"{_SPEC}#61-indentation-spaces",
    ),
    Rule(
        "merge-conflict",
        "What git leaves in a file when two changes meet",
        "The file says two things at once until a person has chosen.",
        "<<<<<<< HEAD\nreplicas: 2\n=======\nreplicas: 3\n>>>>>>> faster",
        "replicas: 3",
    ),
    Rule(
        "yaml-alias",
        "An anchor, an alias or a merge key",
        "They make a file say more than it shows, a few lines can stand for millions of values, and merging is not "
        "part of YAML 1.2. In manifests they are expanded, up to 100,000 values.",
        "small: &small {cpu: 1}\nlarge: {<<: *small, memory: 8Gi}",
        "small: {cpu: 1}\nlarge: {cpu: 1, memory: 8Gi}",
        "CVE-2019-11253",
    ),
    Rule(
        "yaml-tag",
        "An explicit type",
        "A tag lets a file choose how its reader builds a value, and readers differ in which tags they know.",
        "version: !!str 12",
        'version: "12"',
    ),
    Rule(
        "yaml-directive",
        "A line that begins with %",
        "Directives choose a version of YAML or name tags; mlgen reads what all versions share, kubectl refuses them.",
        "%YAML 1.1\n---\nname: churn",
        "name: churn",
    ),
    Rule(
        "several-documents",
        "A second document where one is read",
        "A spec is one document; in manifests kubectl ignores what follows a line of `...` until a line of `---`.",
        "name: churn\n---\nname: fraud",
        "name: churn",
    ),
    Rule(
        "not-utf8",
        "A file in another encoding than UTF-8",
        "Any other encoding would be guessed, and a wrong guess changes names and texts without a word.",
        "owner: Zo\\xEB   (saved as Latin-1)",
        "owner: Zoë   (saved as UTF-8)",
        f"{_SPEC}#52-character-encodings",
    ),
    Rule(
        "control-character",
        "A character that cannot be seen and changes how the text is read",
        "Control characters end up in names and logs, Unicode line ends and stray byte order marks part readers, and "
        "bidi controls show a reviewer another text than the machine reads. In manifests what kubectl accepts is a "
        "warning.",
        'description: "ends with a bell \\a"',
        "description: ends without one",
        "CVE-2021-42574",
    ),
    Rule(
        "too-large",
        "A file of more than 1 MiB, or manifests of more than 16 MiB",
        "What a person writes is far smaller; the limit is checked before anything is read, so no file can stop mlgen.",
        "embedded: |\n  ... two megabytes of data ...",
        "file: data/embedded.bin",
    ),
    Rule(
        "too-complex",
        "A file of too many pieces, aliases or problems",
        "The limits (50,000 keys, values and brackets; 1,000,000 in manifests) lie far above what is written by hand "
        "and keep a hostile file from taking all time and memory.",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]   (and so on)",
        "c: [x, x, x, x]",
    ),
    Rule(
        "too-deep",
        "Maps and lists nested more than 32 levels, or in manifests 100",
        "Nobody writes that by hand, and readers that call themselves for each level crash on it.",
        "args: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "args: [a]",
    ),
    Rule(
        "value-too-long",
        "A text of more than 65,536 characters",
        "It would end up in an object that Kubernetes cannot store, and no message can show it.",
        "description: (a whole book)",
        "description: Which drivers will stop using the app?",
    ),
    Rule(
        "unreadable",
        "Text that the YAML reader itself gives up on",
        "No file may end in a crash: what the parser cannot cope with is reported with the last place it had reached.",
        'text: "\\UFFFFFFFF"',
        "text: plain words",
    ),
)
