"""The forms that issuers give their tokens, keys and passwords, so that scanners can find them.

Sources: the issuers' own pages, and https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml.
"""

import re
from collections.abc import Mapping

TOKENS: Mapping[str, str] = {
    "AWS": r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b",
    "GitHub": r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{22,}",
    "GitLab": r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas|ffct)-[A-Za-z0-9_.=-]{20,}",
    "Slack": r"\bxox[abcdeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}"
    r"|hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9_/]{20,}",
    "Hugging Face": r"\b(?:hf|api_org)_[A-Za-z0-9]{30,}",
    "OpenAI, Anthropic and others": r"\bsk-[A-Za-z0-9_-]{20,}|\b(?:gsk|xai|pplx|r8|nvapi|pcsk|fw"
    r"|tgp_v1)[-_][A-Za-z0-9_-]{28,}",
    "Google": r"\bAIza[0-9A-Za-z_-]{35}|\bya29\.[0-9A-Za-z_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}",
    "Stripe": r"\b(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9+/=]{20,}",
    "npm": r"\bnpm_[A-Za-z0-9]{30,}",
    "PyPI": r"\bpypi-[A-Za-z0-9_-]{40,}",
    "Docker": r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}",
    "Azure": r"[A-Za-z0-9_~.]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])"
    r"|(?i:\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|sharedkey))=[A-Za-z0-9+/=%]{30,}"
    r"|(?<=[?&]sig=)[A-Za-z0-9%+/=_-]{20,}|(?<=\bsig=)[A-Za-z0-9%+/]{30,}(?:=|%3[Dd])",
    "HashiCorp": r"\bhv[sbr]\.[A-Za-z0-9_-]{20,}|\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{50,}",
    "Databricks": r"\bdapi[a-f0-9]{32}\b",
    "SendGrid and Twilio": r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|\bSK[0-9a-f]{32}\b",
    "Grafana": r"\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32,}",
    "others": r"\bdop_v1_[a-f0-9]{64}|\bdoo_v1_[a-f0-9]{64}|\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"
    r"|\blin_api_[A-Za-z0-9]{40}"
    r"|\bntn_[A-Za-z0-9]{40,}|\bNRAK-[A-Z0-9]{27}|\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}|\bdp\.(?:st|pt|ct"
    r"|sa)\.[A-Za-z0-9._-]{40,}"
    r"|\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9._=-]{32,}|\bsbp_[a-f0-9]{40}|\bATATT3[A-Za-z0-9_=-]{100,}"
    r"|\bsntry[su]_[A-Za-z0-9+/=_]{40,}"
    r"|\bAGE-SECRET-KEY-1[0-9A-Z]{58}|\bATCTT3[A-Za-z0-9_=-]{60,}|\bwandb_v1_[A-Za-z0-9_]{40,}|\bkey-[0-9a-f]{32}\b"
    r"|\b\d{8,10}:AA[A-Za-z0-9_-]{32,35}\b|\bEAA[A-Za-z0-9]{80,}|\bcio[A-Za-z0-9]{32}\b|\bAPI-[A-Z0-9]{26}\b",
}
OTHER: Mapping[str, str] = {
    "a JSON web token": r"\bey[JIK][A-Za-z0-9_-]{8,}\.ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",
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
FORM = re.compile("|".join((*TOKENS.values(), *OTHER.values())))
