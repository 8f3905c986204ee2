"""Checks of passwords, tokens and keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.check import Check

if TYPE_CHECKING:
    import ast

    from pymodernize.semantics.module import Module


class SecretInSource(Check):
    """Passwords, tokens and keys that are written into the source.

    Why:
        Whoever reads the file has the secret, and so has whoever reads its
        history; to change it takes a change of the program. The environment, a
        file outside of the repository or a store of secrets holds it.

    Limits:
        A text counts by the name that it is given (``password``, ``api_key``,
        ``token``) or by its form, where a service marks its keys. Placeholders,
        prompts, names of settings and short words are passed over, and so are
        tests. The report names the variable, never the value.

    References:
        https://docs.python.org/3/library/os.html#os.environ
    """

    sentence = "A secret in the source is known to whoever reads the file or its history."
    triggers = (
        *(b"assw", b"ASSW", b"oken", b"OKEN", b"ecret", b"ECRET", b"key", b"KEY", b"Key", b"pwd", b"PWD", b"redential"),
        *(b"assphrase", b"asscode", b"AKIA", b"ghp_", b"sk_live", b"xox", b"AIza", b"PRIVATE", b"hooks.slack", b"@"),
    )
    noqa = ("S105", "S106", "S107")
    rows = ("Q21", "Q36", "F6")

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The names that are given a secret."""
        from pymodernize_codemods._checks.secret_texts import secret_texts

        return secret_texts(module)


class SecretInLog(Check):
    """Passwords, tokens and keys that are logged.

    Why:
        Logs are kept, copied and read by others than those who may know the
        secret.

    Limits:
        A value counts by its name or by what it is taken from: ``password``,
        ``settings["api_key"]``, ``getpass()``. Only calls of loggers are looked at;
        what is printed is not.

    References:
        https://docs.python.org/3/library/logging.html
    """

    sentence = "Logs are kept and read by others than those who may know it."
    triggers = (b"log",)
    rows = ("Q21", "F26")

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The calls of loggers with a secret."""
        from pymodernize_codemods._checks.logged import logged_secrets

        return logged_secrets(module)
