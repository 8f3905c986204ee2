"""Checks of settings and paths that are written into the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.check import Check

if TYPE_CHECKING:
    import ast

    from pymodernize.semantics.module import Module


class HardcodedConfiguration(Check):
    """Addresses, hosts, ports and absolute paths that functions have in them.

    Why:
        Where another machine, another account or a test needs another one, the
        code has to change. A constant at the top of the file, an option with a
        default or the environment keeps it in one place.

    Limits:
        Looked at is what functions use as a value; constants at the top of a
        file are settings that can be found. Texts for people, names of XML
        schemas, paths that every such system has (``/dev/null``,
        ``/etc/passwd``) and tests are passed over.

    References:
        https://12factor.net/config
    """

    sentence = "It is a setting, and a constant at the top, an option or the environment would hold it in one place."
    triggers = (b"://", b'"/', b"'/", b":\\", b":/", b"port", b".0.", b"1.", b"2.", b"localhost")
    rows = ("Q11", "F6")

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The texts and numbers in functions that are settings."""
        from pymodernize_codemods._checks.settings_in_functions import settings_in_functions

        return settings_in_functions(module)


class PlatformSpecificPath(Check):
    r"""Paths that only one kind of operating system has.

    Why:
        ``C:\data`` and ``"a\\b"`` are names of files on Windows alone, ``/tmp`` is
        there on the others alone. ``pathlib`` puts paths together, ``tempfile``
        knows the folder for what is temporary.

    Limits:
        A text is taken for a path by its form, or because a function takes it
        that opens or looks up files; backslashes in other texts are passed over.

    References:
        https://docs.python.org/3/library/pathlib.html
        https://docs.python.org/3/library/tempfile.html
    """

    sentence = "Another operating system has no such path; pathlib and tempfile know what each has."
    triggers = (b"\\", b"/tmp", b":/")
    noqa = ("S108",)
    rows = ("F23",)

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The texts that are such paths."""
        from pymodernize_codemods._checks.platform_paths import platform_paths

        return platform_paths(module)
