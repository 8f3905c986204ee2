"""Which prints show a password, a token or a key: a person asked for it, and no log may keep it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize_codemods._logging.messages import Part
from pymodernize_codemods._logging.specs import PERCENT_FIELD
from pymodernize_codemods._secrets import OF_KEYS, SECRETS, is_secret, shown

SECRET = Reason("secret", "secret: it shows a password, a token or a key, which no log may keep")

# "Your new password is %s", "Token: %s", "API key = %r".
_ANNOUNCED = re.compile(
    rf"\b(?:{'|'.join(sorted(SECRETS))}|(?:{'|'.join(sorted(OF_KEYS))})[ -]key)(?:\s+(?:is|are|was|will be))?"
    r"[\s:=>\-'\"`]*$",
    re.IGNORECASE,
)

_OPEN_END = re.compile(r"(?:\b(?:is|are)|[:=>])\s*$", re.IGNORECASE)


def shows_secret(module: Module, call: ast.Call, parts: Sequence[Part], separator: str) -> bool:
    """Whether a print shows a value that its name, or the text in front of it, says to be a secret.

    Args:
        module: the module.
        call: of print.
        parts: for each argument, how it is taken apart.
        separator: the text between the arguments.
    """
    if any(is_secret(module, value) for arg in call.args for value in shown(arg)):
        return True
    text = separator.join(part.text for part in parts)
    if any(_ANNOUNCED.search(text, 0, field.start()) for field in PERCENT_FIELD.finditer(text)):
        return True
    # A line by itself may speak of the next one.
    return bool(_ANNOUNCED.search(text)) and bool(_OPEN_END.search(text))
