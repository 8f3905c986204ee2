"""Secrets and what git ignores: .env, example.env, .gitignore, no secrets under version control."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.audit.audit_check import CannotRead, NotApplicable, Project, Shortfall, audit_check
from pymodernize.audit.edits import with_lines
from pymodernize.files.gitignore import Patterns, TooManyPatterns
from pymodernize_audit._docker import compose_files
from pymodernize_audit._facts import Fix, refuse_above, require_repository, text_of
from pymodernize_audit._python import dependency_names, is_package, name_of

_EXAMPLE = re.compile(
    r"(?i)\.?(example|sample|template|dist|default)s?[._-]env(\..*)?|\.?env[._-](example|sample|template|dist|default|tpl)s?(\..*)?|.*\.env[._-](example|sample|template|dist)"
)
_READS = re.compile(
    r"\bload_dotenv\(\s*\)|\bfind_dotenv\(|env_file\s*=\s*[(\[]?[\"']\.env\b|Config\(\s*[\"']\.env|\bread_env\(|"
    r"from decouple import"
)
"""What reads a file .env in the current folder; a library that reads those of others names them otherwise."""
_SECRETS = {
    "a private key": re.compile(
        r"^-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP |ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----\s*$", re.M
    ),
    "an access key of AWS": re.compile(r"\b(?:AKIA|ASIA)(?![A-Z0-9]{0,12}EXAMPLE)[A-Z2-7]{16}\b"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b"),
    "a token of GitLab": re.compile(r"\bglpat-[A-Za-z0-9_-]{20}\b"),
    "a token of Slack": re.compile(r"\bxox[baprs]-\d{10,13}-\d{10,13}[A-Za-z0-9-]*\b"),
    "a key of Stripe": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{24,}\b"),
    "a key of Google": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a token of PyPI": re.compile(r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
    "a key of SendGrid": re.compile(r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
    "a token of npm": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
}
_MADE_UP = re.compile(
    r"(?i)(^|/)[^/]*(tests?|testing|test[-_]?data|fixtures?|examples?|samples?|demos?|docs?|mocks?|dummy|snakeoil|self-?signed|"
    r"cassettes|benchmarks?|playground)[^/]*(/|$)"
)
"""Paths with keys that are made to be shown, or for tests."""
_BINARY = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".ico",
    ".pdf",
    ".zip",
    ".gz",
    ".woff",
    ".woff2",
    ".ttf",
    ".mo",
    ".pyc",
    ".svg",
    ".lock",
    ".ipynb",
)
_MOST_TEXT = 30_000_000
_MOST_VARIABLES = 200


def _patterns(project: Project) -> Patterns:
    """The patterns of .gitignore at the top.

    Raises:
        NotApplicable: there is none, or it cannot be taken.
    """
    text = project.text(".gitignore")
    if text is None:
        raise NotApplicable("there is no .gitignore")
    try:
        return Patterns(text.split("\n"))
    except TooManyPatterns as exc:
        raise NotApplicable(f".gitignore: {exc}") from None


def _ignores(patterns: Patterns, path: str) -> bool:
    """Whether a file, or a folder that it is in, is ignored."""
    names = [part.encode() for part in path.split("/")]
    return any(patterns.leaves_out(names[:end], is_folder=end < len(names)) for end in range(1, len(names) + 1))


@audit_check("P12-gitignore")
def gitignore(project: Project) -> Iterator[Shortfall]:
    """.gitignore leaves out what Python and its tools make."""
    top = project.repository
    if not top.has(".gitignore"):
        require_repository(project)
        lines = [*_basics(project), ".env"]
        yield Shortfall(
            ".gitignore", "there is no .gitignore", f"leave out {', '.join(lines)}", fix=_lines(project, lines)
        )
        return
    patterns = _patterns(top)
    if top is not project:
        raise NotApplicable("the .gitignore of the repository stands above it")
    refuse_above(project)
    egg = re.sub(r"[-.]+", "_", name_of(project) or "x")
    samples = {**_SAMPLES, "*.egg-info/": (f"{egg}.egg-info/PKG-INFO", f"{name_of(project)}.egg-info/PKG-INFO")}
    missing = [line for line in _basics(project) if not any(_ignores(patterns, path) for path in samples[line])]
    if missing:
        message = f"{', '.join(missing)} {'are' if len(missing) > 1 else 'is'} not left out"
        yield Shortfall(".gitignore", message, "add the lines", fix=_lines(project, missing))


_SAMPLES = {
    "__pycache__/": ("pkg/__pycache__/mod.cpython-312.pyc", "__pycache__/mod.cpython-312.pyc"),
    ".venv/": (".venv/pyvenv.cfg", "venv/pyvenv.cfg", "env/pyvenv.cfg", "ENV/pyvenv.cfg", ".env/pyvenv.cfg"),
    "dist/": ("dist/x-1.0.tar.gz",),
    ".coverage": (".coverage",),
}


def _basics(project: Project) -> list[str]:
    """What a project's .gitignore should leave out."""
    found = ["__pycache__/", ".venv/"] if any(path.endswith(".py") for path in project.files) else []
    if is_package(project):
        backend = str(project.pyproject.get("build-system", "build-backend") or "setuptools")
        found += ["dist/", *(["*.egg-info/"] if "setuptools" in backend else [])]
    if {"coverage", "pytest-cov"} & dependency_names(project) or project.has(".coveragerc"):
        found.append(".coverage")
    return found


def _lines(project: Project, lines: list[str]) -> Fix:
    return (lambda text: with_lines(text, lines)) if project.repository is project else None


def _reads_env(project: Project) -> bool:
    """Whether anything in the project reads a file .env."""
    if project.has(".env"):
        return True
    sources = (path for path in project.files if path.endswith(".py") and not _MADE_UP.search(path))
    if any(_READS.search(project.glance(path)) for path in sources):
        return True
    return any(
        re.search(r"env_file:(?:[^#\n]|\n\s*-){0,200}?[\s/\"']\.env\b", text_of(project, name))
        for name in compose_files(project)
    )


@audit_check("P12-env-ignored")
def env_ignored(project: Project) -> Iterator[Shortfall]:
    """.env is left out of version control."""
    top = project.repository
    if not top.has(".gitignore"):
        require_repository(project)
        raise NotApplicable("there is no .gitignore at all")
    if not _ignores(_patterns(top), ".env") and not (
        top is not project and project.has(".gitignore") and _ignores(_patterns(project), ".env")
    ):
        yield Shortfall(
            ".gitignore",
            ".env is not left out",
            "add .env: its secrets are one git add away",
            fix=_lines(project, [".env"]),
        )


@audit_check("P12-env-untracked")
def env_untracked(project: Project) -> Iterator[Shortfall]:
    """No .env is under version control."""
    for path in sorted(project.tracked):
        name = path.rpartition("/")[2]
        if re.fullmatch(r"\.env(\.(local|prod|production|dev|development|staging))?", name) and not _MADE_UP.search(
            path
        ):
            if re.search(r"=\s*\S", text_of(project, path)):
                yield Shortfall(
                    path, f"{name} is under version control", f"git rm --cached {path}, and change its secrets"
                )


@audit_check("P12-example")
def example(project: Project) -> Iterator[Shortfall]:
    """example.env names what .env must set."""
    if not _reads_env(project):
        raise NotApplicable("nothing is seen to read a .env")
    places = project.files + project.repository.names()
    if any(_EXAMPLE.fullmatch(path.rpartition("/")[2]) for path in places):
        return
    names = _variables(project)
    fix: Fix = (lambda text: None if text else "".join(f"{name}=\n" for name in names)) if names else None
    yield Shortfall(
        "example.env", "there is no example.env", "list the variables that .env must set, without values", fix=fix
    )


def _variables(project: Project) -> list[str]:
    """The variables that .env sets; without one, those of the environment that the sources read by name."""
    found = re.findall(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", text_of(project, ".env"), re.MULTILINE)
    if found:
        return list(dict.fromkeys(found))
    for path in project.files:
        if path.endswith(".py") and not _MADE_UP.search(path) and len(found) < _MOST_VARIABLES:
            if re.search(r"environ|getenv", project.glance(path)):
                found += _read_variables(project, path)
    usual = {"HOME", "PATH", "USER", "TERM", "EDITOR", "LANG", "TMPDIR", "PWD", "SHELL", "PYTHONPATH", "NO_COLOR", "CI"}
    return list(dict.fromkeys(name for name in found if name not in usual))


def _read_variables(project: Project, path: str) -> Iterator[str]:
    try:
        tree = project.python(path)
    except CannotRead:
        project.problems.pop(path, None)
        return
    for node in ast.walk(tree) if tree is not None else ():
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in {"os.environ", "environ"}:
            key = node.slice
        elif isinstance(node, ast.Call) and node.args:
            if ast.unparse(node.func) in {"os.environ.get", "environ.get", "os.getenv", "getenv"}:
                key = node.args[0]
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*", key.value):
            yield key.value


@audit_check("P12-secrets")
def secrets(project: Project) -> Iterator[Shortfall]:
    """No file under version control holds a secret."""
    size = 0
    for path in sorted(project.tracked):
        if path.lower().endswith(_BINARY) or _MADE_UP.search(path):
            continue
        text = project.glance(path)
        size += len(text)
        if size > _MOST_TEXT:
            return
        for what, pattern in _SECRETS.items():
            match = pattern.search(text)
            if match is not None:
                line = text.count("\n", 0, match.start()) + 1
                yield Shortfall(
                    path, f"{what} stands in the file", "take it out and make a new one: history keeps this one", line
                )
