"""Secrets in text: passwords and tokens of URLs and connection strings, taken out to be shown.

Every error of ours is scrubbed when it is made (errors.py), every note and every message of click
when it is printed. What is scrubbed is recognised by its form, because nobody can know where a
password ends that was typed into the wrong place: in doubt more is taken out than need be.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_HIDDEN = "***"
#: What our own sentences say of DSNs.
_EXAMPLE = "user:password@"
#: Words in the name of a parameter whose value is a secret.
_TELLING_WORDS = (
    r"pass(?!ive|enger|age)|pwd|secret|token|credential|auth|api[_-]?key|"
    r"access[_-]?key|account[_-]?key|private[_-]?key|signature|x-amz-|x-goog-"
)
#: The same where it is the whole name.
_TELLING_NAMES = r"key|sig|pw|sas|code"
_NAMED_SECRET = re.compile(rf"(?i:{_TELLING_WORDS})|(?i:^(?:{_TELLING_NAMES})$)")
_VALUE = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?:\\.|[^\s&;'"])*)"""
#: A scheme and the slashes after it, of which a path keeps one.
_SCHEME = r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]+):(?P<slashes>//|/(?!/))"
#: User, colon, password: up to the last @, whatever stands between.
_USERINFO = re.compile(
    rf"{_SCHEME}(?!{_EXAMPLE})(?P<user>[^\s:@/?#]*):(?P<password>(?:(?!://{_EXAMPLE}).)*)@",
    re.DOTALL,
)
#: Any other userinfo.
_USER_ALONE = re.compile(rf"{_SCHEME}(?!{_EXAMPLE}|\*\*\*)(?P<user>[^\s/?#]*)@")
#: What would be a port, were it a number: a URL that is cut, or has no @.
_NO_PORT = re.compile(
    rf"{_SCHEME}(?P<user>[^\s:@/?#\[]+):(?!\*\*\*|//|password@)(?=[^\s/?#]*[^\d\s/?#'\",;.)])"
    r"(?P<password>[^\s/?#]+)",
    re.DOTALL,
)
#: Oracle's ``jdbc:oracle:thin:user/password@host``.
_THIN = re.compile(r"(?i)(\bjdbc:(?:\w+:)+)(?!//)[^\s@]+@")
_IN_QUERY = re.compile(r"(?P<ahead>[?&;#])(?P<name>[^=&;#\s?]{1,100})=(?P<value>[^&;#\s]*)")
_PAIR = re.compile(
    r"(?P<name>[A-Za-z_][\w\-]*)(?P<equals>\s*=\s*)(?P<value>" + _VALUE + ")", re.DOTALL
)
_PAIR_SECRET = re.compile(
    r"(?i)(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key)"
    r"|^pass$"
)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+://")
#: The schemes of which libpq is known to take the user's name for no secret.
_NAMES_USERS = re.compile(r"postgres(?:ql)?")


def scrubbed(text: str) -> str:
    """The text without the secrets of the URLs and connection strings in it."""
    if not any(mark in text for mark in ("=", "@", ":/")):
        return text
    text = _USERINFO.sub(_without_password, text)
    text = _USER_ALONE.sub(_without_user, text)
    text = _NO_PORT.sub(_without_password_only, text)
    text = _THIN.sub(rf"\1{_HIDDEN}@", text)
    text = _IN_QUERY.sub(_without_value, text)
    return _PAIR.sub(_without_pair, text)


def is_url(text: str) -> bool:
    """Whether it has a scheme, and so is no path that anybody would write."""
    return bool(_URL.search(text))


def has_secret(text: str) -> bool:
    """Whether it is a URL or a connection string with a secret."""
    return scrubbed(text) != text


def _start(found: re.Match[str]) -> str:
    return f"{found['scheme']}:{found['slashes']}"


def _without_password(found: re.Match[str]) -> str:
    if _NAMES_USERS.fullmatch(found["scheme"]):
        return f"{_start(found)}{found['user']}:{_HIDDEN}@"
    return f"{_start(found)}{_HIDDEN}@"


def _without_user(found: re.Match[str]) -> str:
    if _NAMES_USERS.fullmatch(found["scheme"]):  # a user without a password, or one that is hidden
        return found[0]
    return f"{_start(found)}{_HIDDEN}@"


def _without_password_only(found: re.Match[str]) -> str:
    return f"{_start(found)}{found['user']}:{_HIDDEN}"


def _without_value(found: re.Match[str]) -> str:
    if found["value"] and _NAMED_SECRET.search(unquote(found["name"])):
        return f"{found['ahead']}{found['name']}={_HIDDEN}"
    return found[0]


def _without_pair(found: re.Match[str]) -> str:
    if found["value"] and _PAIR_SECRET.search(found["name"]):
        return f"{found['name']}{found['equals']}{_HIDDEN}"
    # What is no secret by its name may hold one: DATABASE_URL='host=h password=p'.
    value = found["value"]
    inner = _PAIR.sub(_without_pair, value[1:]) if value[:1] in {"'", '"'} else value[1:]
    return f"{found['name']}{found['equals']}{value[:1]}{inner}"
