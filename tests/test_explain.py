from __future__ import annotations

from toys import Rename, WithOptions

from pymodernize.codemod import Codemod
from pymodernize.commands.documentation import documentation, example
from pymodernize.registry import entries


def test_options_with_defaults_types_and_meaning():
    text = documentation(WithOptions)
    assert text.startswith("# with-options\n\nHas options.\n\n## Why\n\nFor the tests.\n")
    assert "In `[tool.pymodernize.with-options]`:" in text
    assert "| `level` | `1` | a whole number | how much \\| how little |" in text
    assert "| `words` | `['a', 'b']` | a list of which each item is a string |" in text
    assert "| `maybe` | absent | a whole number |" in text
    assert "MISSING" not in text
    assert text.endswith("A `# noqa` comment with `T201` or `T203` keeps it quiet, too.")


def test_no_options_no_table():
    assert "## Options" not in documentation(Rename)


def test_no_docstring_is_no_error():
    class Bare(Codemod):
        pass

    Bare.__doc__ = None
    assert documentation(Bare).startswith("# test-explain")


def test_a_codemod_without_an_example_or_a_package_has_none():
    class Lonely(Codemod):
        pass

    assert example(Rename) == example(Lonely) == ""
    Lonely.__module__ = "pymodernize_codemods.lonely"
    assert example(Lonely) == ""


def test_every_installed_codemod_has_a_page():
    for name, entry in entries().items():
        text = documentation(entry.load())
        assert text.startswith(f"# {name}\n")
        for heading in ("## Why\n", "## Assumptions\n"):
            assert heading in text, name
