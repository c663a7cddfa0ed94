"""Text -> whether it looks like a secret's value, and the text with such values masked."""

import re

# A name that says "secret" with a value written beside it; references (a name ending in _FILE, _PATH ...) are none.
NAME = re.compile(r"(?i)(passw|secret|token|api_?key|credential|private_?key|access_?key|auth)")
NOT_A_VALUE = re.compile(
    r"(?i)(_file|_path|_dir|_name|_url|_uri|_host|_port|_ttl|_type|_id|_max|_limit|_length|tokenizer|tokens)\w*$|author"
)
# Forms that issuers give their tokens, so that scanners can find them.
FORMS = (
    r"AKIA[0-9A-Z]{16}",
    r"gh[pousr]_[A-Za-z0-9]{36,}",
    r"github_pat_[A-Za-z0-9_]{22,}",
    r"glpat-[A-Za-z0-9_-]{20,}",
    r"xox[abprs]-[A-Za-z0-9-]{10,}",
    r"hf_[A-Za-z0-9]{30,}",
    r"sk-[A-Za-z0-9_-]{20,}",
    r"AIza[0-9A-Za-z_-]{35}",
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
    r"(?<=://)[^/\s:@]+:[^/\s:@]+(?=@)",
    r"AccountKey=[A-Za-z0-9+/=]{40,}",
    r"(?<=[?&]sig=)[A-Za-z0-9%]{20,}",
)
FORM = re.compile("|".join(FORMS))
# Keys of specs, which hold the name of a secret and not its value.
KEYS = frozenset(("secret", "secrets", "pullsecret", "tlssecret"))
# Where the excerpt of a message would show a value: after such a name, to the end of what belongs to it.
KEPT_SECRET = re.compile(r"(?i)(key|pass|pwd)$")
OWN_WORDS = frozenset(("secret", "secrets", "pullSecret", "tlsSecret", "name", "key"))
PAIR = re.compile(r"""(?P<name>[A-Za-z_.-][\w.-]*)["']?[ \t]*(?:[:=]|,[ \t]*["']?value["']?[ \t]*:)(?=[ \t]|=|$|\S)""")


def named_like_a_secret(name: str) -> bool:
    """Whether an environment variable of this name would hold a secret's value."""
    return NAME.search(name) is not None and NOT_A_VALUE.search(name) is None


def looks_like_a_secret(text: str) -> bool:
    """Whether ``text`` has the form of a token that an issuer gives out."""
    return FORM.search(text) is not None


def without_tokens(text: str) -> str:
    """``text`` without what has the form of a token: what may be shown of values that passed their checks."""
    return FORM.sub(_asterisks, text)


def masked(text: str) -> str:
    """``text`` with such values replaced, character for character, by asterisks: what messages may show.

    After a name that says "secret" all that follows on its line is hidden, and every deeper line below it.
    """
    result, deeper_than = [], -1
    for line in without_tokens(text).split("\n"):
        indent = len(line) - len(line.lstrip())
        if deeper_than >= 0 and line.strip() and indent > deeper_than:
            result.append(_hidden(line, 0))
            continue
        found = next((match for match in PAIR.finditer(line) if _keeps_a_secret(match["name"])), None)
        deeper_than = indent if found is not None else -1
        result.append(line if found is None else _hidden(line, found.end()))
    return "\n".join(result)


def _keeps_a_secret(name: str) -> bool:
    return name not in OWN_WORDS and (named_like_a_secret(name) or KEPT_SECRET.search(name) is not None)


def _hidden(line: str, start: int) -> str:
    return line[:start] + re.sub(r"[^\s,{}\[\]'\"]", "*", line[start:])


def _asterisks(match: re.Match[str]) -> str:
    return re.sub(r"\S", "*", match[0])
