"""Text -> whether it has a form that issuers give their tokens, keys and passwords, so that scanners can find them.

Sources: the issuers' own pages, and https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

# Those that begin where a word begins: asked there only, which is at one character of five.
AT_WORDS: Mapping[str, str] = {
    "AWS": r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b",
    "GitHub": r"gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,}",
    "GitLab": r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas|ffct)-[A-Za-z0-9_.=-]{20,}",
    "Slack": r"xox[abcdeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}"
    r"|hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9_/]{20,}",
    "Hugging Face": r"(?:hf|api_org)_[A-Za-z0-9]{30,}",
    "OpenAI, Anthropic and others": r"sk-[A-Za-z0-9_-]{20,}|(?:gsk|xai|pplx|r8|nvapi|pcsk|fw"
    r"|tgp_v1)[-_][A-Za-z0-9_-]{28,}",
    "Google": r"AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}",
    "Stripe": r"(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{20,}",
    "npm": r"npm_[A-Za-z0-9]{30,}",
    "PyPI": r"pypi-[A-Za-z0-9_-]{40,}",
    "Docker": r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}",
    "Azure": r"(?i:AccountKey|SharedAccessKey|SharedAccessSignature|sharedkey)=[A-Za-z0-9+/=%]{30,}",
    "HashiCorp": r"hv[sbr]\.[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{50,}",
    "Databricks": r"dapi[a-f0-9]{32}\b",
    "SendGrid and Twilio": r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|SK[0-9a-f]{32}\b",
    "Grafana": r"gl(?:sa|c)_[A-Za-z0-9+/=_]{32,}",
    "others": r"dop_v1_[a-f0-9]{64}|doo_v1_[a-f0-9]{64}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"
    r"|lin_api_[A-Za-z0-9]{40}"
    r"|ntn_[A-Za-z0-9]{40,}|NRAK-[A-Z0-9]{27}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}|dp\.(?:st|pt|ct"
    r"|sa)\.[A-Za-z0-9._-]{40,}"
    r"|pscale_(?:tkn|pw|oauth)_[A-Za-z0-9._=-]{32,}|sbp_[a-f0-9]{40}|ATATT3[A-Za-z0-9_=-]{100,}"
    r"|sntry[su]_[A-Za-z0-9+/=_]{40,}"
    r"|AGE-SECRET-KEY-1[0-9A-Z]{58}|ATCTT3[A-Za-z0-9_=-]{60,}|wandb_v1_[A-Za-z0-9_]{40,}|key-[0-9a-f]{32}\b"
    r"|\d{8,10}:AA[A-Za-z0-9_-]{32,35}\b|EAA[A-Za-z0-9]{80,}|cio[A-Za-z0-9]{32}\b|API-[A-Z0-9]{26}\b",
    "a JSON web token": r"ey[JIK][A-Za-z0-9_-]{8,}\.ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
}
# The others, each with what it has somewhere in or before it: that is found ten times as fast.
ELSEWHERE: Mapping[str, str] = {
    "a client secret of Azure's": r"[A-Za-z0-9_~.]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])",
    "a signature of Azure's": r"(?<=[?&]sig=)[A-Za-z0-9%+/=_-]{20,}|(?<=\bsig=)[A-Za-z0-9%+/]{30,}(?:=|%3[Dd])",
    "a private key": r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[^-]*"
    r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)?"
    r"|PuTTY-User-Key-File-\d[^\n]*",
    "a password in an address": r"(?<=://)(?!\$)[^/\s:@'\"<>{}$]*:(?![$<{*])[^/\s@'\"<>{}]+(?=@)",
    "a password in a data source": r"(?<=[\w.-]:)(?![$<{*])[^/\s@'\"<>{}:$()]{3,}(?=@(?:tcp|unix)\()",
    "an htpasswd entry": r"\$(?:apr1|2[abxy]|1|5|6)\$[A-Za-z0-9./$=]{20,}|\$argon2(?:id|i"
    r"|d)\$[A-Za-z0-9+/=,$]{20,}|\{SHA\}[A-Za-z0-9+/=]{20,}",
    "an authorization": r"(?i:(?<=\bbearer )|(?<=\bbasic )"
    r"|(?<=\bbearer%20))(?![$<{*%])(?=[^\s\"']*\d)[A-Za-z0-9+/_.~=-]{16,}",
    "an entry of Docker's": r"(?<=\"auth\":\")[A-Za-z0-9+/=]{8,}|(?<=\"auth\": \")[A-Za-z0-9+/=]{8,}",
    "a key of a kubeconfig": r"(?<=client-key-data:)\s*[A-Za-z0-9+/=]{16,}"
    r"|(?<=client-key-data\":)\s*\"[A-Za-z0-9+/=]{16,}",
}
_HINT = re.compile(
    r"[78]Q~|sig=|://|@(?:tcp|unix)\(|\$(?:apr1|2[abxy]|[156]|argon2)|\{SHA\}|-----BEGIN|PuTTY|\"auth\"|client-key"
    r"|[Bb][Ee][Aa][Rr][Ee][Rr]|[Bb][Aa][Ss][Ii][Cc]"
)
_WORDS = rf"\b(?:{'|'.join(AT_WORDS.values())})"
_AT_WORD = re.compile(_WORDS)


@cache
def _elsewhere() -> re.Pattern[str]:
    return re.compile("|".join(ELSEWHERE.values()))  # half a millisecond that most texts do not need


@cache
def _either() -> re.Pattern[str]:
    return re.compile("|".join((_WORDS, *ELSEWHERE.values())))


def has_form(text: str) -> bool:
    """Whether something in ``text`` has one of the forms."""
    if _AT_WORD.search(text):
        return True
    return _HINT.search(text) is not None and _elsewhere().search(text) is not None


def replaced(text: str, by: Callable[[re.Match[str]], str]) -> str:
    """``text`` with whatever has one of the forms replaced."""
    return _either().sub(by, text)
