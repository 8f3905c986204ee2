"""How scripts end after exit-codes: with the codes that they had."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import FIXTURES, execute, load_toml, make_plan

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

CASES = [
    path.parent
    for path in sorted((FIXTURES / "exit-codes").glob("*/case.toml"))
    if "run" in load_toml(path) and (path.parent / "after.py").exists()
]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_every_code_is_the_one_that_it_was(folder: Path, tmp_path: Path):
    case = load_toml(folder / "case.toml")["run"]
    codes = []
    for name in ("before.py", "after.py"):
        source = tmp_path / name.removesuffix(".py")
        source.mkdir()
        (source / "script.py").write_bytes((folder / name).read_bytes())
        codes.append(execute(source, tmp_path / f"run-{name}", case, "script.py").status)
    assert codes[0] == codes[1]


# --- what the file leaves no room for ------------------------------------------------------------------------------


def findings(source: str, style: str = "plain") -> tuple[str, list[str]]:
    """What becomes of a script, and the reasons that are given."""
    plan = make_plan(["exit-codes"], style=style)
    result = transform(source.encode(), plan, ProjectFacts(path="script.py"))
    assert result.error is None
    output = source if result.output is None else result.output.decode()
    return output, [item.reason for item in result.findings if item.status is not Status.APPLIED]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("sys = _sys = 1\nprint(sys)\nexit()\n", "names sys and _sys are taken"),
        ('sys = _sys = 1\nopen("x").close()\nexit("bad")\n', "names sys and _sys are taken"),
    ],
)
def test_names_that_are_taken(source: str, reason: str):
    output, reasons = findings(source)
    assert output == source
    assert any(reason in item for item in reasons), reasons


@pytest.mark.parametrize(
    "line",
    [
        "sys.exit(1, 2)",
        "sys.exit(code=1)",
        "sys.exit(*[1])",
        "raise SystemExit(1, 2)",
        "sys.exit(None)",
        "sys.exit(True)",
    ],
)
def test_forms_that_are_none_of_ours(line: str):
    source = f"import sys\n\nprint(1)\n{line}\n"
    assert findings(source) == findings(source, "standard") == (source, [])


@pytest.mark.parametrize(
    ("inside", "becomes"),
    [
        ("if a:\n        sys.exit(1)", "if a:\n        return EXIT_FAILURE"),
        ("while a:\n        sys.exit(1)", "while a:\n        return EXIT_FAILURE"),
        (
            "match a:\n        case 1:\n            sys.exit(1)",
            "match a:\n        case 1:\n            return EXIT_FAILURE",
        ),
        ("with a:\n        sys.exit(1)", "with a:\n        sys.exit(EXIT_FAILURE)"),
        ("with open(a):\n        sys.exit(1)", "with open(a):\n        return EXIT_FAILURE"),
        ("with open(a), b:\n        sys.exit(1)", "with open(a), b:\n        sys.exit(EXIT_FAILURE)"),
        ("class A:\n        sys.exit(1)", "class A:\n        sys.exit(EXIT_FAILURE)"),
        ("sys.exit(1)\n    print(a)", "sys.exit(EXIT_FAILURE)\n    print(a)"),
        ("sys.exit(1 if a\n        else 3)", "return (EXIT_FAILURE if a\n        else EXIT_RUNTIME_FAILURE)"),
        ("raise SystemExit", "return EXIT_SUCCESS"),
        ("raise SystemExit(3)", "return EXIT_RUNTIME_FAILURE"),
        ("raise SystemExit(2)", "return 2"),
        ("a.print_usage()\n    raise SystemExit(2)", "a.print_usage()\n    return EXIT_USAGE"),
        ("sys.exit(a)", "return a"),
        ("sys.exit(str(a))", "sys.exit(str(a))"),
        ("sys.exit(a())", "sys.exit(a())"),
        ("yield a\n    sys.exit(1)", "yield a\n    sys.exit(EXIT_FAILURE)"),
        ("a = lambda: sys.exit(1)", "a = lambda: sys.exit(EXIT_FAILURE)"),
        ("a or sys.exit(1)", "a or sys.exit(EXIT_FAILURE)"),
        (
            "try:\n        a()\n    except A:\n        sys.exit(1)",
            "try:\n        a()\n    except A:\n        return EXIT_FAILURE",
        ),
        (
            "try:\n        sys.exit(1)\n    except A:\n        pass",
            "try:\n        sys.exit(EXIT_FAILURE)\n    except A:\n        pass",
        ),
        (
            "try:\n        sys.exit(1)\n    except OSError:\n        pass",
            "try:\n        return EXIT_FAILURE\n    except OSError:\n        pass",
        ),
    ],
)
def test_what_is_a_return(inside: str, becomes: str):
    source = (
        f'import sys\n\n\ndef main(a, b):\n    {inside}\n\n\nif __name__ == "__main__":\n    sys.exit(main(1, 2))\n'
    )
    assert f"def main(a, b):\n    {becomes}\n" in findings(source, "standard")[0]
    plain = becomes
    for name, code in (("SUCCESS", 0), ("FAILURE", 1), ("USAGE", 2), ("RUNTIME_FAILURE", 3)):
        plain = plain.replace(f"EXIT_{name}", str(code))
    assert f"def main(a, b):\n    {plain}\n" in findings(source)[0]
