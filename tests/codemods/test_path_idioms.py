"""Idioms of paths: files read and written at once, loops over folders, patterns, what is made if it is missing.

What must stay comes first, each with its why. What changes is run before and
after, in a folder with the same files.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from running import execute, make_plan

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation import engine
from pymodernize.transformation.engine import Result

FILES = {
    "a.txt": "one\ntwo\n",
    "b.txt": "three\n",
    "in/x.txt": "12345",
    "in/y.c": "1",
    "in/.hidden.c": "",
    "in/deep/z.c": "123",
    "in/deep/er/w.c": "1234",
    "empty/.keep": "",
}
# The function of os.path has the file looked at.
HEAD = """\
import os
from pathlib import Path

print(os.path.normcase("x"))
p = Path("a.txt")
"""


def transformed(source: str, *, unsafe: bool = False) -> Result:
    """What becomes of a script that nothing imports."""
    options = {"os-path-to-pathlib": {"everywhere": True}}
    plan = make_plan(["os-path-to-pathlib"], options, assume=["all" if unsafe else "none"])
    result = engine.transform(source.encode(), plan, ProjectFacts(path="script.py"))
    assert result.error is None
    assert not [finding for finding in result.findings if finding.status is Status.REJECTED]
    return result


def output(source: str, *, unsafe: bool = False) -> str:
    result = transformed(source, unsafe=unsafe)
    return source if result.output is None else result.output.decode()


def assert_stays(source: str, *, unsafe: bool = True) -> None:
    assert output(source, unsafe=unsafe) == source


def assert_alike(source: str, new: str, folder: Path) -> None:
    """Run both, and compare what is printed, what is written, and whether it works."""
    seen = []
    for name, text in (("old", source), ("new", new)):
        home = folder / f"{name}_source"
        home.mkdir()
        (home / "script.py").write_text(text, encoding="utf-8", newline="")
        done = execute(home, folder / name, {"files": FILES}, "script.py")
        writes = {path: data for path, data in done.writes.items() if path != "script.py"}
        seen.append((done.stdout, done.status == 0, writes, done.removed))
        assert done.status == 0, done.stderr
    assert seen[0] == seen[1]


def becomes(folder: Path, source: str, *lines: str, unsafe: bool = False) -> str:
    """The new script, which does the same and has these lines."""
    new = output(source, unsafe=unsafe)
    for line in lines:
        assert line in new.split("\n"), new
    assert_alike(source, new, folder)
    assert output(new, unsafe=unsafe) == new
    return new


# --- a file that is read at once -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("read in pieces", "with p.open() as f:\n    text = f.read(10)\n"),
        ("read twice", "with p.open() as f:\n    text = f.read() + f.read()\n"),
        ("only the rest is read", "with p.open() as f:\n    text = f.readline() + f.read()\n"),
        ("read more than once", "with p.open() as f:\n    text = [f.read() for _ in range(2)]\n"),
        ("read later", "with p.open() as f:\n    text = lambda: f.read()\n"),
        ("read perhaps", "with p.open() as f:\n    text = f.read() if p else ''\n"),
        ("something is worked out before it", "with p.open() as f:\n    text = max('a', f.read())\n"),
        ("read for a field of an f-string", "with p.open() as f:\n    text = f'{f.read()}'\n"),
        ("added to what was there before", "text = ''\nwith p.open() as f:\n    text += f.read()\n"),
        ("the file is asked afterwards", "with p.open() as f:\n    text = f.read()\nprint(f.closed)\n"),
        ("the file's name is taken back", "with p.open() as f:\n    text = f.read()\ndel f\n"),
        ("two statements", "with p.open() as f:\n    text = f.read(); n = 1\n"),
        ("several files", "with p.open() as f, p.open() as g:\n    text = f.read()\n"),
        (
            "the name of the file is the path's",
            "def read():\n    f = p\n    with f.open() as f:\n        return f.read()\n",
        ),
        ("newlines as they are", "with p.open(newline='') as f:\n    text = f.read()\n"),
        ("a line at a time", "with p.open('r', 1) as f:\n    text = f.read()\n"),
        ("no buffer", "with p.open('rb', 0) as f:\n    text = f.read()\n"),
        ("bytes have no encoding: ValueError", "with p.open('rb', encoding='utf-8') as f:\n    text = f.read()\n"),
        ("the mode is not known", "import sys\nwith p.open(*sys.argv[1:]) as f:\n    text = f.read()\n"),
        ("the mode has a name", "MODE = 'r'\nwith p.open(MODE) as f:\n    text = f.read()\n"),
        ("read and written", "with p.open('r+') as f:\n    text = f.read()\n"),
        ("the mode raises", "with p.open('rU') as f:\n    text = f.read()\n"),
        ("arguments that are not known", "more = {}\nwith p.open(**more) as f:\n    text = f.read()\n"),
        ("a comment of its own", "with p.open() as f:\n    # all of it\n    text = f.read()\n"),
        ("a comment below", "with p.open() as f:\n    text = f.read()\n    # that was all\n"),
        ("two comments", "with p.open() as f:  # one\n    text = f.read()  # two\n"),
        ("the comment is a type", "with p.open() as f:  # type: TextIO\n    text = f.read()\n"),
        ("the lines of a literal", "with p.open() as f:\n    text = f.read().replace('''\n    ''', '')\n"),
        ("an attribute of the class", "class A:\n    with p.open() as f:\n        text = f.read()\n\nprint(A.f)\n"),
        ("names are looked up by text", "with p.open() as f:\n    text = f.read()\nprint(globals())\n"),
        (
            "seen later, it is the file of that time",
            "def read():\n"
            "    with p.open() as f:\n"
            "        late = lambda: f.name\n"
            "    with p.open() as f:\n"
            "        text = f.read()\n"
            "    return late\n",
        ),
        (
            "asynchronous",
            "async def read(session):\n    async with session.open() as f:\n        return f.read()\n",
        ),
        (
            "the name is the module's",
            "def read():\n    global f\n    with p.open() as f:\n        return f.read()\n\nread()\nprint(f)\n",
        ),
    ],
)
def test_is_not_read_at_once(why: str, body: str):
    assert_stays(HEAD + body)


def test_file_of_a_module_that_others_may_ask():
    """Its name is one of the module's: it can be imported."""
    source = HEAD + "with p.open() as f:\n    text = f.read()\n"
    plan = make_plan(["os-path-to-pathlib"], unsafe=True)
    facts = ProjectFacts(path="script.py", importers=frozenset({"other.py"}))
    assert engine.transform(source.encode(), plan, facts).output is None


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("with p.open() as f:\n    text = f.read()\n", "text = p.read_text()"),
        ("with (p.open() as f):\n    text = f.read()\n", "text = p.read_text()"),
        ("with p.open() as f: text = f.read()\n", "text = p.read_text()"),
        ("with p.open() as f:\n    text = f.read();\n", "text = p.read_text()"),
        ("with p.open('rt') as f:\n    text: str = f.read()\n", "text: str = p.read_text()"),
        ("with p.open('rb') as f:\n    text = f.read()\n", "text = p.read_bytes()"),
        ("with p.open('r', -1, 'utf-8') as f:\n    text = f.read()\n", "text = p.read_text(encoding='utf-8')"),
        (
            "with p.open(errors='replace', mode='r') as f:\n    text = f.read()\n",
            "text = p.read_text(errors='replace')",
        ),
        ("with p.open() as f:\n    text = f.read().split('\\n')[0]\n", "text = p.read_text().split('\\n')[0]"),
        ("with p.open() as f:\n    text = len(f.read())\n", "text = len(p.read_text())"),
        ("with p.open() as f:  # all\n    text = f.read()\n", "text = p.read_text()  # all"),
        ("with p.open() as f:\n    text = f.read()  # all\n", "text = p.read_text()  # all"),
        ("with p.open() as f:\n    text = f.read()  # type: str\n", "text = p.read_text()  # type: str"),
        (
            "if not p:\n    text = ''\nelse:\n    with p.open() as f:\n        text = f.read()\n",
            "    text = p.read_text()",
        ),
        (
            "def read():\n    with p.open() as f:\n        return f.read()\n\ntext = read()\n",
            "    return p.read_text()",
        ),
        ("with (p or Path()).open() as f:\n    text = f.read()\n", "text = (p or Path()).read_text()"),
        ("with (p if p else p).open() as f:\n    text = f.read()\n", "text = (p if p else p).read_text()"),
        (
            "with (Path('in') / 'x.txt').open() as f:\n    text = f.read()\n",
            "text = (Path('in') / 'x.txt').read_text()",
        ),
        ("text = (p if p else p).open().read()\n", "text = (p if p else p).read_text()"),
        ("text = p.open('rb').read().decode()\n", "text = p.read_bytes().decode()"),
    ],
)
def test_reads_at_once(body: str, line: str, tmp_path: Path):
    becomes(tmp_path, f"{HEAD}{body}print(text)\n", line)


def test_lines_of_a_call_move_to_the_left(tmp_path: Path):
    source = (
        f"{HEAD}if p:\n\twith p.open() as f:\n\t\ttext = f.read().replace(\n"
        "\t\t\t'a\u2028\t\tb',\n\t\t\t'c')\n\tprint(text)\n"
    )
    new = f"{HEAD}if p:\n\ttext = p.read_text().replace(\n\t\t'a\u2028\t\tb',\n\t\t'c')\n\tprint(text)\n"
    assert output(source) == new
    assert output(source.replace("\n", "\r\n")) == new.replace("\n", "\r\n")
    assert_alike(source, new, tmp_path)


# --- a file that is written at once --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("printed", "with p.open('w') as f:\n    print('x', file=f)\n"),
        ("no text for certain", "import sys\nwith p.open('w') as f:\n    f.write(sys.argv[1:])\n"),
        ("a text in a file of bytes raises", "with p.open('wb') as f:\n    f.write('x')\n"),
        ("the number is used", "with p.open('w') as f:\n    n = f.write('x')\n"),
        ("written to its end", "with p.open('a') as f:\n    f.write('x')\n"),
        ("only if it is not there", "with p.open('x') as f:\n    f.write('x')\n"),
        ("written twice", "with p.open('w') as f:\n    f.write('x')\n    f.write('y')\n"),
        ("bytes have no errors: ValueError", "with p.open('wb', errors='strict') as f:\n    f.write(b'x')\n"),
        ("the file itself is needed", "with p.open('w') as f:\n    f.write(str(f))\n"),
        ("somebody else's turn", "def g():\n    with p.open('w') as f:\n        f.write('x' + (yield))\n"),
        ("the lines of a literal", "with p.open('w') as f:\n    f.write('''\n    a\n    ''')\n"),
    ],
)
def test_is_not_written_at_once(why: str, body: str):
    assert_stays(HEAD + body)


@pytest.mark.parametrize(
    ("why", "written"),
    [
        ("it is emptied before it is read", "p.read_text()"),
        ("what fails leaves an empty file", "str(1 / 0)"),
    ],
)
def test_what_is_worked_out_may_see_the_empty_file(why: str, written: str):
    source = f"{HEAD}with p.open('w') as f:\n    f.write({written})\n"
    assert_stays(source, unsafe=False)
    assert f"p.write_text({written})" in output(source, unsafe=True)
    assert "before the file is emptied" in transformed(source).findings[0].reason


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("with p.open('w') as f:\n    f.write('x')\n", "p.write_text('x')"),
        ("with p.open('wb') as f: f.write(b'x')\n", "p.write_bytes(b'x')"),
        (
            "with p.open('w', encoding='utf-8', newline='') as f:\n    f.write('x\\r\\n')\n",
            "p.write_text('x\\r\\n', encoding='utf-8', newline='')",
        ),
        ("with p.open(\n    'w',\n    -1,\n) as f:\n    f.write('a' + 'b')\n", "p.write_text('a' + 'b')"),
        ("n = 3\nwith p.open('w') as f:\n    f.write(f'{n}\\n')\n", "p.write_text(f'{n}\\n')"),
        ("if not p:\n    pass\nelse:\n    with p.open('w') as f:\n        f.write('x')\n", "    p.write_text('x')"),
    ],
)
def test_writes_at_once(body: str, line: str, tmp_path: Path):
    becomes(tmp_path, HEAD + body, line)


# --- loops over folders --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("half of a loop", "for name in os.listdir(FOLDER):\n    print(os.path.join(OTHER, name))\n"),
        ("half of a comprehension", "print([os.path.join(OTHER, n) for n in os.listdir(FOLDER)])\n"),
        ("the name is seen afterwards", "for name in os.listdir(FOLDER):\n    pass\nprint(name)\n"),
        ("the name changes", "for name in os.listdir(FOLDER):\n    name += '.bak'\n    print(name)\n"),
        ("the last one is seen", "for name in os.listdir(FOLDER):\n    pass\nelse:\n    print(name)\n"),
        ("names of the class", "class A:\n    for name in os.listdir(FOLDER):\n        pass\n"),
        ("inside of an f-string", "print(f'{[n for n in os.listdir(FOLDER)]}')\n"),
        ("an f-string shows it twice", "for n in os.listdir(FOLDER):\n    print(f'{n} {n}')\n"),
    ],
)
def test_is_not_a_loop_over_paths(why: str, body: str):
    source = f"import os\nimport sys\n\nFOLDER = os.path.expandvars('in')\nOTHER = sys.argv[1]\n{body}"
    assert_stays(source, unsafe=False)


def test_a_loop_is_as_safe_as_what_is_done_in_it():
    source = (
        "import os\nimport sys\n\nOTHER = sys.argv[1]\nfor n in os.listdir('in'):\n    print(os.path.join(OTHER, n))\n"
    )
    assert_stays(source, unsafe=False)
    reasons = {finding.message: finding.reason for finding in transformed(source).findings}
    assert reasons["os.listdir()"] == "os.path.join() of its names stays"
    new = output(source, unsafe=True)
    assert "for child in Path('in').iterdir():" in new.replace('"', "'")
    assert "os.path" not in new


def test_half_of_a_loop_that_was_there_before_stays():
    source = (
        f"{HEAD}import sys\n"
        "for n in [child.name for child in Path('in').iterdir()]:\n    print(os.path.join(sys.argv[1], n))\n"
    )
    assert_stays(source, unsafe=False)


def test_a_name_that_was_bound_to_a_folder_twice_is_no_longer_joined(tmp_path: Path):
    """Only ``folder / name`` of the same folder is the child."""
    source = f"""\
{HEAD}
folder = Path("in")
for name in sorted(child.name for child in folder.iterdir()):
    print(folder / name)
    folder = Path("other")
"""
    becomes(tmp_path, source, "    print(folder / child.name)")


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (
            "for n in sorted(os.listdir('in')):\n    print(os.path.join('in', n))\n",
            ["for child in sorted(Path('in').iterdir()):", "    print(child)"],
        ),
        (
            "for n in sorted(os.listdir('in'),):\n    print(os.path.join('in', n), n)\n",
            ["for child in sorted(Path('in').iterdir(),):", "    print(child, child.name)"],
        ),
        (
            "for n in sorted(os.listdir(os.curdir)):\n    if os.path.isfile(n):\n        print(n)\n",
            ["for child in sorted(Path().iterdir()):", "    if child.is_file():", "        print(child.name)"],
        ),
        (
            "for n in sorted(os.listdir()):\n    if n.endswith('.txt'):\n        os.remove(n)\n",
            ["for child in sorted(Path().iterdir()):", "        child.unlink()"],
        ),
        (
            "for n in sorted(os.listdir('.')):\n    if n == 'a.txt':\n"
            "        print(os.path.getsize(os.path.join('.', n)))\n",
            ["for child in sorted(Path().iterdir()):", "        print(child.stat().st_size)"],
        ),
        (
            "T = os.path.abspath('in')\nfor n in sorted(os.listdir(T)):\n"
            "    print(n, os.path.getsize(os.path.join(T, n)) > 10000)\n",
            ["    print(child.name, child.stat().st_size > 10000)"],
        ),
        (
            "print(sum(os.path.getsize(os.path.join('in/deep/er', n)) for n in os.listdir('in/deep/er')))\n",
            ["print(sum(child.stat().st_size for child in Path('in/deep/er').iterdir()))"],
        ),
        (
            "D = 'in'\nfor n in sorted(os.listdir(os.path.join(D, 'deep'))):\n    print(os.path.join(D, 'deep', n))\n",
            ["for child in sorted((D / 'deep').iterdir()):", "    print(child)"],
        ),
        (
            "for n in sorted(os.listdir('in')):\n    sub = os.path.join('in', n)\n    print(sub, n)\n",
            ["for sub in sorted(Path('in').iterdir()):", "    print(sub, sub.name)"],
        ),
    ],
)
def test_loops_over_paths(body: str, lines: list[str], tmp_path: Path):
    new = becomes(tmp_path, f"import os\n\n{body}")
    for line in lines:
        assert line in new.replace('"', "'").split("\n"), new
    assert "os.path.join" not in new


def test_each_part_of_a_folder_has_to_stay_the_same(tmp_path: Path):
    source = """\
import os

for step in ["deep", "deep/er"]:
    for name in sorted(os.listdir(os.path.join("in", step))):
        print(os.path.join("in", step, name))
        step = "deep/er"
"""
    assert_alike(source, output(source), tmp_path)
    assert '"in", step' in output(source) or '"in") / step / ' in output(source)


def test_a_folder_that_is_put_together_keeps_its_parentheses(tmp_path: Path):
    source = HEAD + "for n in sorted([c.name for c in (Path('in') / 'deep').iterdir()]):\n    print(n)\n"
    becomes(tmp_path, source, "for child in sorted((Path('in') / 'deep').iterdir()):", "    print(child.name)")


# --- how many, and whether there are any ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("1 if os.listdir('in') else 2", "1 if any(Path('in').iterdir()) else 2"),
        ("not os.listdir('empty')", "not any(Path('empty').iterdir())"),
        ("len(os.listdir('in'))", "len(list(Path('in').iterdir()))"),
        ("1 if glob.glob('a[.]t*') and True else 2", "1 if any(Path().glob('a[.]t*')) and True else 2"),
        ("not glob.glob('a*')", "not any(Path().glob('a*'))"),
        ("len(glob.glob('a*'))", "len(list(Path().glob('a*')))"),
        ("sorted(glob.iglob('a*'))", "sorted(str(path) for path in Path().glob('a*'))"),
        ("sorted(os.listdir('in'))", "sorted(child.name for child in Path('in').iterdir())"),
        ("sorted(os.listdir('in'),)", "sorted([child.name for child in Path('in').iterdir()],)"),
        ("len(list(glob.iglob('a*')))", "len(list(str(path) for path in Path().glob('a*')))"),
        ("os.listdir('in/deep/er') == ['w.c']", "[child.name for child in Path('in/deep/er').iterdir()] == ['w.c']"),
        ("os.listdir('in/deep/er') == ''", "[child.name for child in Path('in/deep/er').iterdir()] == ''"),
    ],
)
def test_counts_paths(expression: str, wanted: str, tmp_path: Path):
    new = becomes(tmp_path, f"import glob\nimport os\n\nprint({expression})\n")
    assert f"print({wanted})" in new.replace('"', "'")


@pytest.mark.parametrize(("name", "use"), [("any", "not os.listdir('in')"), ("list", "len(os.listdir('in'))")])
def test_other_meanings_of_builtins(name: str, use: str, tmp_path: Path):
    """Here, the name means something else."""
    new = becomes(tmp_path, f"import os\n\n\ndef {name}(*values):\n    return ['no']\n\n\nprint({use})\n")
    assert "[child.name for child in" in new


def test_a_missing_folder_is_still_an_error(tmp_path: Path):
    source = "import os\n\ntry:\n    print(not os.listdir('nowhere'))\nexcept FileNotFoundError:\n    print('none')\n"
    becomes(tmp_path, source, "    print('none')")


# --- patterns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "call"),
    [
        ("files, too, only before Python 3.13 not", "glob.glob('in/**', recursive=True)"),
        ("the slash at the end is shown", "glob.glob('i*/')"),
        ("a part that a path drops", "glob.glob('i*/./x.txt')"),
        ("the slashes are shown", "glob.glob('i*//x.txt')"),
        ("not for every version", "glob.glob('i*/../a.txt')"),
        ("whether it goes down is not known", "glob.glob('in/**/*.c', recursive=len(sys.argv) > 1)"),
        ("another folder", "glob.glob('*.c', root_dir='in')"),
        ("hidden files", "glob.glob('in/*.c', include_hidden=True)"),
    ],
)
def test_is_no_pattern_for_paths(why: str, call: str):
    assert_stays(f"import glob\nimport sys\n\nprint({call})\n")


@pytest.mark.parametrize("recursive", ["", ", recursive=True"])
def test_the_pattern_of_what_stays_is_a_text(recursive: str):
    """``str(Path(...))`` around it would gain nothing."""
    source = f"import glob\nimport os\n\nprint(glob.glob(os.path.join('src', '**', '*.c'){recursive}))\n"
    assert_stays(source, unsafe=False)
    assert "os.path" not in output(source, unsafe=True)


@pytest.mark.parametrize(
    ("pattern", "recursive", "wanted", "is_safe"),
    [
        ("a**", "", "Path().glob('a*')", True),
        ("a**.txt", ", recursive=True", "Path().glob('a*.txt')", True),
        ("a***.txt", ", recursive=False", "Path().glob('a*.txt')", True),
        ("in/**", "", "Path('in').glob('*')", False),
        ("in/**/z.c", "", "Path('in').glob('*/z.c')", False),
        ("in/**/[wz].c", ", recursive=True", "Path('in').glob('**/[wz].c')", False),
    ],
)
def test_two_stars(pattern: str, recursive: str, wanted: str, is_safe: bool, tmp_path: Path):
    """Two stars are one, unless they stand alone and ``recursive`` is given."""
    call = f"glob.glob('{pattern}'{recursive})"
    source = f"import glob\n\nfound = sorted({call})\nprint([f for f in found if '/.' not in f])\n"
    new = becomes(tmp_path, source, unsafe=True)
    assert wanted in new.replace('"', "'")
    assert (output(source) == new) == is_safe


# --- what is made if it is missing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("the comment of its own", "if not os.path.isdir('out'):\n    # first\n    os.makedirs('out')\n"),
        ("another folder", "if not os.path.isdir('out'):\n    os.makedirs('out/deep')\n"),
        ("something else otherwise", "if not os.path.isdir('out'):\n    os.makedirs('out')\nelse:\n    print('old')\n"),
        ("asked before", "if os.path.isdir('in'):\n    pass\nelif not os.path.isdir('out'):\n    os.makedirs('out')\n"),
    ],
)
def test_question_and_deed_stay_apart(why: str, body: str, tmp_path: Path):
    assert "exist_ok" not in becomes(tmp_path, f"import os\n\n{body}")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("if not os.path.isdir('out'):\n    os.makedirs('out')\n", "Path('out').mkdir(parents=True, exist_ok=True)"),
        (
            "if not os.path.isdir('out'):  # at first\n    os.mkdir('out')\n",
            "Path('out').mkdir(exist_ok=True)  # at first",
        ),
        ("if not os.path.isdir('out'): os.mkdir('out')  # all\n", "Path('out').mkdir(exist_ok=True)  # all"),
    ],
)
def test_makes_a_folder_if_it_is_missing(body: str, line: str, tmp_path: Path):
    new = becomes(tmp_path, f"import os\n\n{body}")
    assert line in new.replace('"', "'")


@pytest.mark.parametrize("comment", ["# pymodernize: ignore", "# noqa", "# noqa: PTH110"])
@pytest.mark.parametrize("deed", ["if not os.path.isdir('out'):", "if os.path.exists('out'):"])
def test_a_comment_keeps_the_question_and_the_deed(deed: str, comment: str):
    """They are one finding, on the line of the ``if``: what it would replace stays as it is."""
    done = "os.makedirs('out')" if "not" in deed else "os.remove('out')"
    assert_stays(f"import os\n\n{deed}  {comment}\n    {done}\n")
    if "noqa" not in comment:
        assert_stays(f"import os\n\n{comment}\n{deed}\n    {done}\n")


def test_a_comment_keeps_what_is_inside_of_a_variable_that_stays():
    source = """\
import os

if os.sep:
    target = os.path.join("a", "b")  # pymodernize: ignore
else:
    target = os.path.join(os.path.join("a", "c"), "d")
print(target.upper())
"""
    assert 'os.path.join(os.path.join("a", "c"), "d")' in output(source)
