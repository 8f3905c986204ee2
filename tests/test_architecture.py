"""The direction of dependencies, who may write files, and what a run pays for."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "src" / "pymodernize"
PACK = ROOT / "codemods" / "pymodernize_codemods"
CHECKS = ROOT / "codemods" / "pymodernize_audit"

# What each part may import, of the package itself: what is named, and what that may import. A part is a module or a
# folder of the package; what its own modules may not do is import each other in a circle.
ALLOWED: dict[str, set[str]] = {
    "source": set(),
    "reasons": set(),
    "assumptions": set(),
    "files": set(),
    "semantics": {"source", "reasons"},
    "codemod": {"semantics", "assumptions"},
    "check": {"codemod"},
    "finding_scope": {"codemod"},
    "plan": {"check", "finding_scope"},
    "registry": {"check"},
    "rewriting": {"codemod"},
    "transformation": {"plan", "rewriting"},
    "fixit": {"registry", "rewriting"},
    "settings": {"files", "fixit", "plan"},
    "execution": {"files", "transformation"},
    "transaction": {"files"},
    "report": {"execution", "settings"},
    "receipts": {"report"},
    "audit": {"settings"},
    "integrations": {"audit", "execution"},
    "commands": {"integrations", "receipts", "transaction"},
    "cli": {"commands"},
    "__init__": {"transformation"},
    "__main__": {"cli"},
}
KNOW_THE_VERSION = {"cli", "commands", "execution", "integrations", "receipts", "report"}
FOR_CODEMODS = {"assumptions", "reasons", "codemod", "check", "semantics", "integrations"}
OF_CHECKS = ("pymodernize.audit.", "pymodernize.files.gitignore.")
"""What a check is made of, and how git reads its patterns."""
OF_REWRITING = ("pymodernize.rewriting.frame.", "pymodernize.rewriting.fragments.CannotPlace")
"""How a script is laid out, and what an edit raises that has no place after all."""


def reachable(part: str) -> set[str]:
    """What a part may import, with what those parts may import."""
    return ALLOWED[part].union(*(reachable(item) for item in ALLOWED[part]))


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def part_of(path: Path) -> str:
    parts = path.relative_to(ENGINE).with_suffix("").parts
    return parts[0]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ENGINE).with_suffix("").parts)


def imported(path: Path) -> set[str]:
    """The dotted names that a file imports, also inside functions and for type checkers only."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative imports hide the direction"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def parts_imported(path: Path) -> set[str]:
    parts = set()
    for name in imported(path):
        head, _, rest = name.partition(".")
        if head == "pymodernize":
            part = rest.partition(".")[0]
            is_module = (ENGINE / part).is_dir() or (ENGINE / f"{part}.py").exists()
            parts.add(part if is_module and part else "__init__")
    return parts


@pytest.mark.parametrize("path", sources(ENGINE), ids=lambda path: str(path.relative_to(ENGINE)))
def test_dependencies_point_one_way(path):
    part = part_of(path)
    assert part in ALLOWED, f"{part} is new: say in ALLOWED what it may import"
    used = parts_imported(path) - {part}
    used -= {"__init__"} if part in KNOW_THE_VERSION else set()
    assert used <= reachable(part)


def test_no_part_is_allowed_twice_over():
    """What follows from another part that is named is not named again."""
    for part, named in ALLOWED.items():
        for item in named:
            others = set[str]().union(*(reachable(other) for other in named - {item}))
            assert item not in others, f"{part} may import {item} already"


# The types of expressions rest on what functions return, containers hold and options are, and these on types.
RECURSIVE = {
    f"semantics.{name}"
    for name in ("additions", "contents", "functions", "inference", "library_calls", "module", "options")
}


def _node(name: str) -> str:
    """The parts of an analysis that is recursive by nature are one to the others."""
    return "semantics.module" if name in RECURSIVE else name


def test_there_are_no_cycles():
    graph: dict[str, set[str]] = {}
    names = {str(path.relative_to(ENGINE).with_suffix("")).replace(os.sep, "."): path for path in sources(ENGINE)}
    assert names.keys() >= RECURSIVE
    for name, path in names.items():
        edges = set()
        for target in imported(path):
            inner = target.removeprefix("pymodernize.")
            homes = [item for item in (inner, inner.rpartition(".")[0]) if item in names]
            if target.startswith("pymodernize.") and homes:
                edges.add(_node(homes[0]))
        graph[_node(name)] = graph.get(_node(name), set()) | edges - {_node(name)}
    assert graph["transformation.engine"] >= {
        "rewriting.fragments",
        "rewriting.unused_imports",
        "transformation.selfcheck",
    }
    # The public interface is looked up by name when it is asked for; its imports are for type checkers.
    graph["__init__"] = set()
    while graph:
        leaves = {name for name, edges in graph.items() if not edges & graph.keys()}
        assert leaves, f"a cycle among {sorted(graph)}"
        graph = {name: edges for name, edges in graph.items() if name not in leaves}


SAYING = {
    "report/terminal.py",
    "report/streams.py",
    "report/text.py",
    "report/progress.py",
    "report/pager.py",
    "cli.py",
}


@pytest.mark.parametrize("path", sources(ENGINE) + sources(PACK) + sources(CHECKS), ids=lambda path: path.name)
def test_what_reaches_a_terminal_goes_through_one_place(path):
    if ENGINE in path.parents and path.relative_to(ENGINE).as_posix() in SAYING:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert name not in {"print", "click.echo", "click.secho"}, f"{path}:{node.lineno}: use report.terminal"
            assert not name.startswith(("sys.stdout", "sys.stderr", "sys.__std")) or name.endswith(
                (".isatty", ".flush")
            ), f"{path}:{node.lineno}: use report.terminal"


@pytest.mark.parametrize("path", sources(PACK), ids=lambda path: str(path.relative_to(PACK)))
def test_codemods_know_the_model_and_what_an_author_needs(path):
    for name in imported(path):
        if name.startswith("pymodernize."):
            part = name.split(".")[1]
            assert part in FOR_CODEMODS or name.startswith(OF_REWRITING), name


def test_the_engine_does_not_import_the_packs():
    for path in sources(ENGINE):
        assert not [name for name in imported(path) if name.startswith(("pymodernize_codemods", "pymodernize_audit"))]


@pytest.mark.parametrize("path", sources(CHECKS), ids=lambda path: str(path.relative_to(CHECKS)))
def test_checks_know_the_project_and_what_an_author_needs(path):
    for name in imported(path):
        if name.startswith("pymodernize."):
            assert name.startswith(OF_CHECKS), name


def test_the_engine_names_no_codemod():
    names = {item.stem for item in PACK.iterdir() if not item.name.startswith("_") and item.name != "py.typed"}
    assert names
    for path in sources(ENGINE):
        text = path.read_text(encoding="utf-8").lower()
        for name in names:
            camel = "".join(part.capitalize() for part in name.split("_")).lower()
            for spelling in {name, name.replace("_", "-"), camel}:
                # A codemod of one plain word could not be told from the word.
                assert "_" not in name or spelling not in text, f"{path} names {spelling}"


WRITING_METHODS = {"write_text", "write_bytes", "unlink", "rmdir", "rename", "touch", "symlink_to", "hardlink_to"}
WRITING_OF_OS = WRITING_METHODS | {
    "replace",
    "remove",
    "renames",
    "removedirs",
    "truncate",
    "link",
    "symlink",
    "fdopen",
}
WRITING_FLAGS = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"}
MAY_WRITE = {"transaction", "files.open_folders"} | {
    *("files.signing", "files.output_files", "files.scratch", "files.copies"),
    *("execution.cache", "commands.authoring"),
}
"""``open_folders`` writes for the others; the rest write files of their own, not users' files."""


def writes(path: Path) -> list[str]:
    """Where a module does something to a file that is more than reading it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            if names != {"shutil", "which"}:
                found += [f"{node.lineno}: {name}" for name in names & {"shutil", "tempfile"}]
        if isinstance(node, ast.Call):
            func = node.func
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            of_os = isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "os"
            if name in WRITING_METHODS or of_os and name in WRITING_OF_OS:
                found.append(f"{node.lineno}: {name}")
            if name == "open":
                place = 0 if isinstance(func, ast.Attribute) and not of_os else 1
                arguments = [*node.args[place:], *(item.value for item in node.keywords if item.arg == "mode")]
                modes = [item.value for item in arguments if isinstance(item, ast.Constant)]
                flags = {
                    inner.attr for item in arguments for inner in ast.walk(item) if isinstance(inner, ast.Attribute)
                }
                if any(isinstance(mode, str) and set(mode) & set("wax+") for mode in modes) or flags & WRITING_FLAGS:
                    found.append(f"{node.lineno}: open for writing")
    return found


def _is_the_null_device(path: Path, line: int) -> bool:
    return "os.devnull" in path.read_text(encoding="utf-8").splitlines()[line - 1]


def test_only_the_transaction_writes_files():
    assert writes(ENGINE / "transaction" / "staging.py"), "the test sees none of what it looks for"
    for path in sources(ENGINE) + sources(PACK) + sources(CHECKS):
        if ENGINE in path.parents and any(f"{dotted(path)}.".startswith(f"{part}.") for part in MAY_WRITE):
            continue
        found = [item for item in writes(path) if not _is_the_null_device(path, int(item.partition(":")[0]))]
        assert not found, f"{path}: {found}"


def test_the_test_sees_what_writes(tmp_path):
    for code in (
        "open('x', 'w')",
        "open('x', mode='ab')",
        "p.open('r+')",
        "os.open('x', os.O_RDONLY | os.O_CREAT)",
        "p.write_text('')",
        "os.replace(a, b)",
        "import shutil",
        "from tempfile import mkstemp",
        "def f():\n    os.remove(x)",
    ):
        path = tmp_path / "m.py"
        path.write_text(code)
        assert writes(path), code
    path.write_text("open('x'); open('w.txt', 'rb'); p.open(); text.replace('a', 'b'); os.open(x, os.O_RDONLY)")
    assert not writes(path)


# --- what a run pays for -------------------------------------------------------------------------------------------

HEAVY = ("libcst", "fixit", "rich", "distributed", "pygls", "lsprotocol", "asyncio")


def loaded(code: str, cwd: Path) -> set[str]:
    """The heavy packages that are imported after some code has run."""
    program = f"import sys\ntry:\n    {code}\nexcept SystemExit as exc:\n    assert not exc.code, exc.code\n"
    program += f"print('LOADED', *[name for name in {HEAVY} if name in sys.modules])\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("LOADED")[2].split())


def test_the_test_sees_what_is_loaded(tmp_path):
    assert loaded("import libcst", tmp_path) == {"libcst"}


def test_the_version_loads_nothing_heavy(tmp_path):
    assert loaded("from pymodernize.cli import main; main(['--version'])", tmp_path) == set()


def test_the_public_interface_loads_nothing_heavy(tmp_path):
    assert loaded("from pymodernize import *", tmp_path) == set()


@pytest.mark.parametrize("mode", ["--dry-run", "--check", "--apply"])
def test_a_run_that_finds_nothing_loads_nothing_heavy(tmp_path, mode):
    (tmp_path / "script.py").write_text("value = 1\n")
    code = f"from pymodernize.cli import main; main(['{mode}', 'script.py'])"
    assert loaded(code, tmp_path) <= {"rich"}, "the figures at the end are shown with rich"
    code = f"from pymodernize.cli import main; main(['{mode}', '--quiet', 'script.py'])"
    assert loaded(code, tmp_path) == set()


def test_no_module_imports_heavy_packages_when_it_is_loaded():
    for path in sources(ENGINE):
        if part_of(path) in {"fixit", "integrations"}:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
                assert not {name.partition(".")[0] for name in names} & set(HEAVY), path


def modules(code: str, cwd: Path) -> set[str]:
    """All modules of ours that are imported after some code has run."""
    program = f"import sys\ntry:\n    {code}\nexcept SystemExit as exc:\n    assert not exc.code, exc.code\n"
    program += "print('LOADED', *[name for name in sys.modules if name.startswith('pymodernize')])\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("LOADED")[2].split())


# What the declarations of the pack's codemods are made of: options, and words to look for.
DECLARED = {"_assumptions", "_exceptions", "_exceptions.most", "_paths", "_paths.hazards", "_paths.operations"} | {
    "_paths.options",
    "argparse_skeleton.skeleton_options",
    *(f"checks.{name}" for name in ("debugging", "files", "places", "processes", "readability", "secrets", "state")),
    "print_to_logging.script_note",
}


def of_the_pack(names: set[str]) -> set[str]:
    inside = {name.partition(".")[2] for name in names if name.startswith("pymodernize_codemods.")}
    declarations = {item.stem for item in PACK.iterdir() if not item.name.startswith("_")}
    assert inside >= declarations - {"py"}, "all codemods are in the plan"
    return inside - declarations


def test_a_file_in_which_nothing_is_triggered_loads_declarations_alone(tmp_path):
    (tmp_path / "script.py").write_text("value = 1\n")
    found = modules("from pymodernize.cli import main; main(['--check', '--no-cache', 'script.py'])", tmp_path)
    assert of_the_pack(found) == DECLARED
    assert not found & {
        "pymodernize.transformation.engine",
        "pymodernize.semantics.module",
        "pymodernize.execution.cache",
    }


def test_a_trigger_loads_what_its_codemod_needs_and_no_more(tmp_path):
    (tmp_path / "script.py").write_text("try:\n    value\nexcept KeyError:\n    value = print\n")
    choice = "'--select', 'print-to-logging,bare-except,os-path-to-pathlib'"
    # What the process that works on the file loads is seen if that is this one.
    here = "from pymodernize.commands import run; from pymodernize.execution import pool"
    here += "; run.Pool = lambda plan, jobs: pool.Pool(plan)"
    found = modules(f"{here}; from pymodernize.cli import main; main(['-q', {choice}, 'script.py'])", tmp_path)
    inside = {name.partition(".")[2] for name in found if name.startswith("pymodernize_codemods.")}
    assert inside >= {"print_to_logging.finding", "bare_except.finding", "_logging.messages"}
    assert not inside & {"os_path_to_pathlib.finding", "_paths.forms", "main_guard", "argparse_skeleton"}


def test_workers_are_forked_with_what_finding_takes(tmp_path):
    code = (
        "from pymodernize.registry import checks, entries; from pymodernize.plan import Plan; "
        "from pymodernize.execution.task import prepare; "
        "codemods, found = ([entry.load()() for entry in group().values()] for group in (entries, checks)); "
        "prepare(Plan(tuple(codemods), checks=tuple(found)))"
    )
    inside = of_the_pack(modules(code, tmp_path))
    folders = {item.parent.name for item in PACK.glob("*/finding.py")}
    assert inside >= {f"{name}.finding" for name in folders} | {"argparse_skeleton.hand_written", "_checks.sizes"}
    assert loaded(code, tmp_path) == set(), "LibCST may not be needed at all"
