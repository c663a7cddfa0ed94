"""The strings of a file -> rules: what may stand between `{{` and `}}`."""

from mlgen.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "template-undefined",
        "A name between braces that stands for nothing",
        "An unknown name would otherwise become an empty piece of text in the middle of a host, an image or a path.",
        'domain: "{{ enviroment.name }}.ml.example.com"',
        'domain: "{{ environment.name }}.ml.example.com"',
    ),
    Rule(
        "template-forbidden",
        "More than a name between braces",
        "Templates fill in names and do not compute: whoever reads the file sees what it says, and no text in it can "
        "run code. A dotted name may stand there, with the filters lower, replace and default.",
        'args: ["--version={{ 7 * 7 }}"]',
        'args: ["--environment={{ environment.name | lower }}"]',
        "https://jinja.palletsprojects.com/en/stable/sandbox/",
    ),
)
