from __future__ import annotations

import ast
from pathlib import Path

import pytest
from commands import MORE, invoke
from toys import Rename, Toy, model, run

from pymodernize.codemod import Edit, Rewrite, Status
from pymodernize.transformation.suppress import is_suppressed

QUIET = [
    "old()  # pymodernize: ignore[rename]\n",
    "old()  # pymodernize: ignore\n",
    "old()  #pymodernize:ignore[rename]\n",
    "old()  # PYMODERNIZE: Ignore[rename]\n",
    "old()  # pymodernize: ignore [rename]\n",
    "old()  # pymodernize: ignore[rename\n",
    "old()  # pymodernize: ignore[other, rename]\n",
    "old()  # pymodernize: ignore[other rename]\n",
    "old()  # pymodernize: ignore[Rename]\n",
    "old()  # pymodernize: ignore[other]  # pymodernize: ignore[rename]\n",
    "old()  # because  # pymodernize: ignore[rename]\n",
    "# pymodernize: ignore[rename]\nold()\n",
    "if x:\n    # pymodernize: ignore[rename]\n    old()\n",
    "x = [  # pymodernize: ignore[rename]\n    old(),\n]\n",
    "# pymodernize: ignore[rename]\nx = [\n    old(),\n]\n",
    "@wraps  # pymodernize: ignore[rename]\ndef f(a=old()):\n    pass\n",
    "# pymodernize: ignore[rename]\n@wraps\ndef f(a=old()):\n    pass\n",
    "@wraps\ndef f(a=old()):  # pymodernize: ignore[rename]\n    pass\n",
    "@old()  # pymodernize: ignore[rename]\ndef f():\n    pass\n",
    "old()  # noqa\n",
    "old()  #noqa\n",
    "old()  # NOQA:T201\n",
    "old()  # noqa : T201\n",
    "old()  # noqa: T201\n",
    "old()  # noqa: E501,T201\n",
    "old()  # noqa: E501, t201\n",
    "old()  # noqa: E501 T201\n",
    "old(\n    1,\n)  # noqa: T201\n",
    "x = [\n    old(),  # noqa: T201\n]\n",
    "# pymodernize: skip-file\nold()\n",
    "old()\n# PyModernize:Skip-File for good reasons\n",
]
HEARD = [
    "old()  # pymodernize: ignore[other]\n",
    "old()  # pymodernize: ignore[renamed]\n",
    "old()  # pymodernize: ignore[re_name]\n",
    "old()  # pymodernize: ignore[]\n",
    "old()  # pymodernize: ignored\n",
    "old()  # pymodernize: ignore-not\n",
    "old()  # modernize: ignore[rename]\n",
    "x = '# pymodernize: ignore'; old()\n",
    'x = """\n# pymodernize: ignore\n"""; old()\n',
    'x = f"""\n# pymodernize: skip-file\n# noqa\n"""\nold()\n',
    '"""\n# pymodernize: skip-file\n"""\nold()\n',
    "# pymodernize: skip-files\nold()\n",
    "x = 1  # pymodernize: ignore\nold()\n",
    "# pymodernize: ignore\n\nold()\n",
    "x = [\n    old(),  # pymodernize: ignore\n]\n",
    "old()  # noqa: E501\n",
    "old()  # noqa: T2011\n",
    "old()  # noqaT201\n",
    "# noqa: T201\nold()\n",
    "if x:  # pymodernize: ignore\n    old()\n",
]


@pytest.mark.parametrize("source", QUIET)
def test_a_comment_keeps_it_quiet(source):
    result = run(source, Rename())
    assert result == type(result)()


@pytest.mark.parametrize("source", HEARD)
def test_it_is_heard(source):
    result = run(source, Rename())
    assert [item.status for item in result.findings] == [Status.APPLIED]
    assert result.output is not None


class OnHandlers(Toy):
    """Finds handlers: nodes that have a block."""

    noqa = ("E722",)

    def find(self, module):
        for node in module.nodes(ast.ExceptHandler):
            yield self.finding(module, node, "bare", Rewrite((Edit(node, lambda item: item),)))


def _suppressed(source):
    module = model(source)
    return is_suppressed(module, module.nodes(ast.ExceptHandler)[0], OnHandlers())


def test_what_has_a_block_ends_with_its_header():
    assert _suppressed("try:\n    pass\nexcept:  # noqa: E722\n    pass\n")
    assert _suppressed("try:\n    pass\nexcept: pass  # noqa\n")
    assert _suppressed("try:\n    pass\nexcept (\n    A\n):  # noqa\n    pass\n")
    assert not _suppressed("try:\n    pass\nexcept:\n    pass  # noqa\n")


def test_the_whole_module_is_suppressed_by_its_first_line():
    module = model("# pymodernize: ignore[rename]\nold()\n")
    assert is_suppressed(module, module.tree, Rename())
    module = model("old()\nold()  # pymodernize: ignore[rename]\n")
    assert not is_suppressed(module, module.tree, Rename())


def test_the_code_of_a_reason_or_an_assumption_may_be_named():
    module = model("old()  # pymodernize: ignore[dialogue]\n")
    node = module.tree.body[0]
    assert is_suppressed(module, node, Rename(), {"dialogue"})
    assert not is_suppressed(module, node, Rename(), {"data", "tidy-paths"})
    assert not is_suppressed(module, node, Rename())


def test_a_codemod_may_be_named_as_its_module_is(tmp_path: Path) -> None:
    path = tmp_path / "job.py"
    for comment in ("print-to-logging", "print_to_logging", "bare_except,print_to_logging"):
        path.write_text(f'print("it begins")  # pymodernize: ignore[{comment}]\n')
        assert invoke("--check", "--select", "print-to-logging", "job.py", cwd=tmp_path).code == 0, comment
    path.write_text('print("it begins")  # pymodernize: ignore[print_to_log]\nopen("x", "w").close()\n' + MORE * 2)
    assert invoke("--check", "--select", "print-to-logging", "job.py", cwd=tmp_path).code == 1
