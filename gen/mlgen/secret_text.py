"""Text -> whether it looks like a secret's value."""

import re
from base64 import b64decode
from binascii import Error
from collections import Counter
from collections.abc import Iterator
from math import log2

from mlgen.secret_forms import has_form

# A name that says "secret" with a value written beside it; references (a name ending in _FILE, _PATH ...) are none.
NAME = re.compile(
    r"(?i)passw|passphrase|(^|[^a-z])pwd$|_pwd|secret|token|(api|private|access|account|storage|master|signing"
    r"|encryption|subscription|license|shared|fernet|session|auth|service)[_.-]?key|credential|(^|[_.-])(basic|o"
    r"|http)?auth$"
    r"|connection[_-]?str|sas[_-]?(url|uri)|(^|[_.-])pass$|webhook[_-]?url|(^|[_.-])dsn$"
)
NOT_A_VALUE = re.compile(
    r"(?i)((?<!sas)(?<!webhook)[_.-]?(file|path|dir|name|url|uri|host|port|ttl|type|id|max|limit|length|size"
    r"|count|mode"
    r"|method|provider|scope|description|issuer|audience|algorithm|format|version|enabled|required|policy"
    r"|expir\w*|seconds|minutes"
    r"|interval|ref|header|field|prefix|budget|endpoint|class|kind|store|namespace|volume|mount|bucket|location"
    r"|key[_.-]?ref)s?"
    r"|tokens)$|tokenizer|token_?(ids?|classification|limit|budget|throughput|per|len)|tokens[_.-]?(per|in|out"
    r"|max|limit)"
    r"|public|(no|skip|disable|enable|use|require|with|allow)[_.-]\w*(auth|token|password|secret)s?$"
    r"|(pull|tls|ssl|cert)[_.-]?secrets?$|automount|secret[_.-]?(engine|backend|manager)|author|tokenreview"
    r"|secretgenerator"
)
# What stands for a value that is elsewhere, or for none.
REFERENCE = re.compile(
    r"(?i)\$[({A-Z_]|\{\{|^<.*>$|^%[({]|^\W*$|^[x*.#-]+$|^(true|false|yes|no|on|off|none|null|nil|undefined"
    r"|enabled|disabled"
    r"|required|optional|default|auto|basic|bearer|jwt|oidc|oauth2?|ldap|mtls|tls|string|str|int|bool|env|file"
    r"|token|password"
    r"|redacted|todo|tbd)$|^(\.{0,2}|~)/[\w.-]|^[a-z][a-z0-9+.-]*://[^@\s]*$|^(file|env|vault|secret|ref|arn|ssm"
    r"|op|sm|gsm"
    r"|k8s|kms|akv|ref\+\w+)[:/]|^projects/|^/run/|^os\.|^[\w.]+\(.*\)$|^(your|my|the)[_ -]|^(replace|change"
    r"|insert)[_ -]?(me|with|this)\w*[_ -]"
)
NUMBER = re.compile(r"[-+]?[0-9]{1,9}(\.[0-9]+)?([smhd]|ms|[KMG]i?B?)?")
# Words that may be secrets because nobody would think of them: not addresses, images, digests, ids.
ADDRESS = re.compile(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}://\S+|(?<![\w.-])[\w.-]{1,253}\.[a-z]{2,20}[/:]\S+"
    r"|\bsha(?:256|384|512)[:-]\S+"
)
WORD = re.compile(
    r"(?<![A-Za-z0-9+/_.~-])(?=[A-Za-z0-9+/_.~-]*[0-9])[A-Za-z0-9+/_.~-]{24,128}={0,2}(?![A-Za-z0-9+/_.~-])"
)
NATURAL = re.compile(r"[A-Z]?[a-z]{4,}|[A-Z]{5,}")
PARTS = re.compile(r"[./_-]")
HEX = re.compile(r"(?i)[0-9a-f-]{1,72}")
SHORTEST = 3  # characters; nobody calls less a secret
ENOUGH = 4.0  # bits a character
ENCODED = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}")
LONGEST_ENCODED = 8192
# Of what a program or a file of settings reads: the name of a setting, and what is written for it.
SETTING = re.compile(
    r"""(?<![\w.])(?P<name>[A-Za-z_][\w.-]{1,80})["']?[ \t]*(?:=>|[:=])[ \t]*"""
    r"""(?P<quote>["']?)(?P<value>[^\s"'#;,&][^\s"'#;,&]*)"""
    r"""|(?<![\w-])--?(?P<flag>[a-z][\w-]{2,80})[ \t]+["']?(?P<word>[^\s"'-][^\s"']*)"""
)
USER = re.compile(r"""(?<![\w-])(?:-u|--user|--proxy-user)[ =]?["']?[\w.@-]+:(?![$<{*])(?P<value>[^\s"'$]{3,})""")
# What a text must have in it to say so at all: of a thousand, few do, and this is the quickest look.
HINTS = tuple("key pass pwd secret token credential auth connection sas webhook dsn -u --proxy-user identified".split())
PLAIN = re.compile(
    r"(?im)\b(?:requirepass|masterauth|password"
    r"|identified by)[ \t]+['\"]?(?P<value>(?=[^\s'\"]*[0-9!@#%^&*])[^\s'\"$<{=:]{6,})"
)


def named_like_a_secret(name: str) -> bool:
    """Whether an environment variable or a setting of this name would hold a secret's value."""
    return NAME.search(name) is not None and NOT_A_VALUE.search(name) is None


def is_written(name: str, value: str) -> bool:
    """Whether what stands after a name that says "secret" is the value itself: no reference, and no switch."""
    text = value.strip().strip("\"'")
    if len(text) < SHORTEST or REFERENCE.search(text):
        return False
    return not (NUMBER.fullmatch(text) and "pass" not in name.lower())


def looks_like_a_secret(text: str) -> bool:
    """Whether ``text`` has the form of what an issuer gives out, as it is or encoded in base64."""
    return len(text) >= 8 and (has_form(text) or any(map(has_form, decoded(text))))


def says_a_secret(text: str) -> bool:
    """Whether a script or a file of settings gives a value to a name that says "secret"."""
    lower = text.lower()
    if not any(word in lower for word in HINTS):
        return False
    for found in SETTING.finditer(text):
        name, value = (found["name"], found["value"]) if found["name"] else (found["flag"], found["word"])
        if named_like_a_secret(name) and is_written(name, value) and not _is_code(text, found):
            return True
    return USER.search(text) is not None or PLAIN.search(text) is not None


def looks_random(text: str) -> bool:
    """Whether a word of ``text`` is one that nobody would think of, and neither an address nor an id."""
    return next(random_words(text), None) is not None


def random_words(text: str) -> Iterator[str]:
    """The words of ``text`` that nobody would think of, and that are neither addresses nor ids."""
    for found in WORD.findall(ADDRESS.sub(" ", text)) if len(text) >= 24 else ():
        word = found.rstrip("=")
        if HEX.fullmatch(word) or sum(character.isdigit() for character in word) < 2:
            continue
        if all(part.isalpha() or part.isdigit() for part in PARTS.split(word)):
            continue  # the path of a field: spec.containers.0.image
        if word.lower() == word or word.upper() == word or word.startswith("LS0tLS1CRUdJTiBD"):
            continue
        natural = sum(len(part) for part in NATURAL.findall(word))
        if natural <= len(word) * 0.5 and _entropy(word) >= ENOUGH:
            yield found


def _entropy(word: str) -> float:
    """Shannon's, in bits a character."""
    return -sum(count / len(word) * log2(count / len(word)) for count in Counter(word).values())


def decoded(text: str) -> Iterator[str]:
    """What words of ``text`` say in base64."""
    for found in ENCODED.findall(text) if len(text) >= 40 else ():
        if len(found) <= LONGEST_ENCODED:
            try:
                yield b64decode(found + "=" * (-len(found) % 4)).decode("utf-8")
            except (Error, ValueError):
                continue


def _is_code(text: str, found: re.Match[str]) -> bool:
    """Whether a program takes the value from somewhere: a call, an index, another variable's attribute."""
    after = text[found.end() : found.end() + 1]
    value = found["value"] or found["word"] or ""
    return "(" in value or "[" in value or after in ("(", "[") or value.startswith(("$", "{", "%", "@", "os."))
