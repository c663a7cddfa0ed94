"""Secrets of many kinds, made up by a seeded generator: nothing here is one, and no form stands here in whole."""

import base64
import json
import random
import string
from collections.abc import Callable, Mapping
from typing import NamedTuple

LETTERS = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
BASE64 = LETTERS + "+/"
URL_SAFE = LETTERS + "-_"


class Secret(NamedTuple):
    """What is written: ``text``, of which ``value`` must not be shown; ``name`` is the variable that has it."""

    name: str
    text: str
    value: str


def drawn(source: random.Random, letters: str, length: int) -> str:
    """Random characters, some of them digits, as issuers' always are."""
    while True:
        text = "".join(source.choice(letters) for _ in range(length))
        if any(character.isdigit() for character in text):
            return text


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def token(name: str, *parts: str | tuple[str, int]) -> Callable[[random.Random], Secret]:
    """A variable and a value of fixed parts and of drawn ones (letters, how many)."""

    def make(source: random.Random) -> Secret:
        pieces = [part if isinstance(part, str) else drawn(source, *part) for part in parts]
        return Secret(name, "".join(pieces), max(pieces, key=len))

    return make


def private_key(source: random.Random) -> Secret:
    kind = source.choice(["RSA ", "EC ", "OPENSSH ", ""])
    body = "\n".join(drawn(source, BASE64, 64) for _ in range(6))
    return Secret(
        "SIGNING", f"-----BEGIN {kind}PRI" + f"VATE KEY-----\n{body}\n-----END {kind}PRI" + "VATE KEY-----\n", body[:64]
    )


def service_account(source: random.Random) -> Secret:
    key = private_key(source)
    text = json.dumps(
        {"type": "service_" + "account", "private_key_id": drawn(source, HEX, 40), "private_key": key.text}
    )
    return Secret("GOOGLE", text, key.value)


def docker_auth(source: random.Random) -> Secret:
    word = drawn(source, LETTERS, 20)
    auth = encoded(f"robot:{word}")
    return Secret("REGISTRY", json.dumps({"auths": {"r.example.com": {"auth": auth}}}), auth)


def kubeconfig(source: random.Random) -> Secret:
    key = encoded("-----BEGIN RSA PRI" + f"VATE KEY-----\n{drawn(source, BASE64, 64)}\n")
    text = "users:\n- name: admin\n  user:\n    client-key-" + f"data: {key}\n"
    return Secret("KUBE", text, key)


def database(source: random.Random) -> Secret:
    scheme = source.choice(["postgresql", "mysql", "mongodb+srv", "redis", "amqp"])
    word = drawn(source, LETTERS, 12)
    user = "" if scheme == "redis" else "ml"
    return Secret("DATABASE", f"{scheme}://{user}:{word}" + "@db.example.com:5432/ml", word)


def connection(source: random.Random) -> Secret:
    key = drawn(source, BASE64, 86) + "=="
    text = "DefaultEndpointsProtocol=https;AccountName=acmeml;Account" + f"Key={key};EndpointSuffix=core.windows.net"
    return Secret("STORAGE", text, key)


def shared_access(source: random.Random) -> Secret:
    word = drawn(source, LETTERS, 42)
    text = "https://acmeml.blob.core.windows.net/models?sv=2024-11-04&se=2027-01-01&sr=c&sp=r&si" + f"g={word}%3D"
    return Secret("MODELS", text, word)


def web_token(source: random.Random) -> Secret:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps({"sub": drawn(source, LETTERS, 12)}).encode()).decode().rstrip("=")
    end = drawn(source, URL_SAFE, 43)
    return Secret("SESSION", f"{head}.{body}.{end}", end)


def htpasswd(source: random.Random) -> Secret:
    hashed = "$2" + "y$05$" + drawn(source, LETTERS + "./", 53)
    return Secret("USERS", f"admin:{hashed}", hashed)


def password(source: random.Random) -> Secret:
    word = source.choice(["hunter", "Winter", "changeme", "s3cr3t-", "Pa55"]) + drawn(source, LETTERS, 4)
    name = source.choice(["DB_PASSWORD", "REDIS_PASSWORD", "SMTP_PASSWD", "ADMIN_PASSPHRASE", "MYSQL_PWD"])
    return Secret(name, word, word)


KINDS: Mapping[str, Callable[[random.Random], Secret]] = {
    "AWS access key": token("AWS_ID", "AK" + "IA", (UPPER, 16)),
    "AWS secret key": token("AWS_SECRET_ACCESS_KEY", (BASE64, 40)),
    "GitHub": token("GH", "gh" + "p_", (LETTERS, 36)),
    "GitLab": token("GL", "gl" + "pat-", (URL_SAFE, 20)),
    "Hugging Face": token("HUB", "h" + "f_", (LETTERS, 34)),
    "OpenAI": token("LLM", "s" + "k-proj-", (URL_SAFE, 48)),
    "Anthropic": token("LLM", "s" + "k-ant-api03-", (URL_SAFE, 93)),
    "Slack": token("CHAT", "xo" + "xb-", ("0123456789", 12), "-", (LETTERS, 24)),
    "Stripe": token("PAY", "s" + "k_live_", (LETTERS, 24)),
    "npm": token("REGISTRY", "np" + "m_", (LETTERS, 36)),
    "PyPI": token("INDEX", "py" + "pi-AgEIcHlwaS5vcmc", (URL_SAFE, 80)),
    "Google API key": token("MAPS", "AI" + "za", (URL_SAFE, 35)),
    "private key": private_key,
    "service account": service_account,
    "Docker auth": docker_auth,
    "kubeconfig": kubeconfig,
    "database address": database,
    "connection string": connection,
    "SAS": shared_access,
    "JSON web token": web_token,
    "htpasswd": htpasswd,
    "password": password,
    "Azure client secret": token("AZURE_CLIENT_SECRET", (LETTERS, 3), "8Q" + "~", (LETTERS + "~._-", 34)),
    "W&B": token("WANDB_API_KEY", (HEX, 40)),
    "random": token("SALT", (LETTERS, 40)),
    "Vault": token("VAULT", "hv" + "s.", (URL_SAFE, 90)),
    "SendGrid": token("MAIL", "S" + "G.", (URL_SAFE, 22), ".", (URL_SAFE, 43)),
    "Databricks": token("DBX", "da" + "pi", (HEX, 32)),
}


def secrets(seed: int, each: int = 10) -> list[tuple[str, Secret]]:
    """``each`` of every kind."""
    source = random.Random(seed)
    return [(kind, make(source)) for kind, make in KINDS.items() for _ in range(each)]
