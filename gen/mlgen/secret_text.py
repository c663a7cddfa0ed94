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
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"(?<=://)[^/\s:@]+:[^/\s:@]+(?=@)",
    r"AccountKey=[A-Za-z0-9+/=]{40,}",
    r"(?<=[?&]sig=)[A-Za-z0-9%]{20,}",
)
FORM = re.compile("|".join(FORMS))
# Keys of specs, which hold the name of a secret and not its value.
KEYS = frozenset(("secret", "secrets", "pullsecret", "tlssecret"))
LINE = re.compile(
    r"""(?P<name>[A-Za-z_][A-Za-z0-9_]*)["']?[ \t]*:[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s,{}\[\]#'"][^,}\]\n#]*)"""
)


def named_like_a_secret(name: str) -> bool:
    """Whether an environment variable of this name would hold a secret's value."""
    return NAME.search(name) is not None and NOT_A_VALUE.search(name) is None


def looks_like_a_secret(text: str) -> bool:
    """Whether ``text`` has the form of a token that an issuer gives out."""
    return FORM.search(text) is not None


def masked(text: str) -> str:
    """``text`` with such values replaced, character for character, by asterisks: what messages may show."""
    text = FORM.sub(lambda match: "*" * len(match[0]), text)
    return LINE.sub(_mask_value, text)


def _mask_value(match: re.Match[str]) -> str:
    if match["name"].replace("_", "").lower() in KEYS or not named_like_a_secret(match["name"]):
        return match[0]
    value = match["value"].rstrip()
    start = match.start("value") - match.start()
    return match[0][:start] + "*" * len(value) + match[0][start + len(value) :]
