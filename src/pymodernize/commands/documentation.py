"""The documentation of a codemod, from its docstring, its options and its example."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from importlib import resources

from pymodernize.assumptions import Assumption, Counterexample, Usual
from pymodernize.codemod import Codemod
from pymodernize.settings.codemod_options import kind_of

HEADINGS = ("Why", "Assumptions", "Limits", "References")


def documentation(codemod: type[Codemod]) -> str:
    """A codemod's page, in Markdown: its docstring, a table of its options, its example.

    Args:
        codemod: the codemod's class.

    Returns:
        The page, without a final newline.
    """
    parts = [f"# {codemod.name()}", "", _markdown(inspect.cleandoc(codemod.__doc__ or ""))]
    fields = dataclasses.fields(codemod.Options)
    if fields:
        defaults = codemod.Options()
        parts += ["", "## Options", "", f"In `[tool.pymodernize.{codemod.name()}]`:", ""]
        parts += ["| key | default | values | meaning |", "|---|---|---|---|"]
        for item in fields:
            key = item.name.replace("_", "-")
            default = in_toml(getattr(defaults, item.name))
            parts.append(f"| `{key}` | {default} | {_values(codemod, item.name)} | {_meaning(item)} |")
    if codemod.noqa:
        codes = " or ".join(f"`{code}`" for code in codemod.noqa)
        parts += ["", f"A `# noqa` comment with {codes} keeps it quiet, too."]
    if diff := example(codemod):
        parts += ["", "## Example", "", "```diff", diff.rstrip("\n"), "```"]
    return "\n".join(parts)


_WHERE = {
    Usual.EVERYWHERE: "It is one of the usual assumptions.",
    Usual.IN_SCRIPTS: "It is one of the usual assumptions, in files that no other file imports.",
    Usual.NOWHERE: "It is accepted only if it is named.",
}


def assumption_page(assumption: Assumption, after: str = "") -> str:
    """An assumption's entry, in Markdown: what it says, for which inputs it does not hold, and a script that shows it.

    Args:
        assumption: the assumption.
        after: what its example becomes.

    Returns:
        The entry, without a final newline.
    """
    parts = [f"# {assumption.name}", "", assumption.sentence, _WHERE[assumption.usual]]
    parts += ["", f"Inputs that differ: {assumption.differing}", "", f"Measured: {assumption.measured}"]
    example = assumption.example
    if example is None or not after:
        return "\n".join(parts)
    options = ", ".join(f"`{name} = {str(value).lower()}`" for name, value in example.options)
    head = f"For example, under the setting {options}," if options else "For example,"
    parts += ["", head, "", "```python", example.before.rstrip("\n"), "```", "", "becomes", ""]
    parts += ["```python", after.rstrip("\n"), "```", "", f"{_given(example)} the first gives", ""]
    parts += [*_shown(example.gives), "", "and the second", "", *_shown(example.gives_after)]
    return "\n".join(parts)


def _given(example: Counterexample) -> str:
    """The input of an example, as the beginning of a sentence."""
    given = []
    if example.importer:
        given.append(f"imported as `script` by `{'; '.join(filter(None, example.importer.splitlines()))}`")
    if example.arguments:
        given.append(f"called with `{' '.join(example.arguments)}`")
    if example.stdin:
        given.append(f"given `{example.stdin!r}` on stdin")
    for name, text in example.files:
        kind = "the folder" if name.endswith("/") else "the link" if text.startswith("->") else "the file"
        given.append(f"in a folder with {kind} `{name}`" + (f" (`{text}`)" if text else ""))
    given += [f"with `{name}={value}`" for name, value in example.environment]
    text = ", ".join(given) or "run by itself"
    return f"{text[0].upper()}{text[1:]},"


def _shown(outcome: str) -> list[str]:
    return ["```", *outcome.rstrip("\n").split("\n"), "```"]


def summary(codemod: type[Codemod]) -> str:
    """What a codemod does, in one line of plain text.

    Args:
        codemod: the codemod's class.
    """
    return inspect.cleandoc(codemod.__doc__ or "").partition("\n")[0].replace("``", "")


def example(codemod: type[Codemod]) -> str:
    """The diff that a pack ships as the example of a codemod: ``_examples/NAME.diff`` in its package.

    Args:
        codemod: the codemod's class.

    Returns:
        The diff, empty if there is none.
    """
    package = codemod.__module__.rpartition(".")[0]
    if not package:
        return ""
    file = resources.files(package) / "_examples" / f"{codemod.name()}.diff"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _markdown(docstring: str) -> str:
    """A docstring with its headings and literals as Markdown has them."""
    lines: list[str] = []
    in_section = False
    for line in docstring.split("\n"):
        if line.rstrip(":") in HEADINGS and line.endswith(":"):
            lines += [f"## {line[:-1]}", ""]
            in_section = True
        else:
            lines.append(line.removeprefix("    ") if in_section else line)
    text = "\n".join(lines).replace("``", "`")
    return re.sub(r"^(https?://\S+)$", r"<\1>", text, flags=re.MULTILINE)


def _values(codemod: type[Codemod], name: str) -> str:
    hint = typing.get_type_hints(codemod.Options)[name]
    if typing.get_origin(hint) is typing.Literal:
        return ", ".join(f"`{value!r}`" for value in typing.get_args(hint))
    return kind_of(hint).replace("|", "\\|")


def in_toml(value: object) -> str:
    """A default as it is written in settings."""
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{list(value) if isinstance(value, tuple) else value!r}`"


def _meaning(item: dataclasses.Field) -> str:
    return str(item.metadata.get("help", "")).replace("|", "\\|")
