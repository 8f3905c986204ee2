"""Images: pinned by digest, nothing that development takes, from a listed context; health checks of services."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize_audit._docker import Dockerfile, compose_files, copied, dockerfiles, services
from pymodernize_audit._facts import Fix, new_file, text_of

_FOR_DEVELOPMENT = frozenset("dev develop development test tests testing ci lint debug doc docs".split())
_SECRET = re.compile(r"(?i)(.*_)?(password|passwd|secret|secret_key|token|api_?key|access_key|private_key)(_\w+)?")
_NO_SECRET = re.compile(r"(?i).*(_file|_path|_url|_name|_expire\w*|_ttl|_algorithm|_length|_header)")


def _is_for_development(name: str) -> bool:
    """Whether a part of the name of a file or stage says that it is not for production."""
    return not _FOR_DEVELOPMENT.isdisjoint(re.split(r"[-_.]", name.lower()))


def _files(project: Project) -> list[tuple[str, Dockerfile]]:
    """The Dockerfiles of a project.

    Raises:
        NotApplicable: there are none.
    """
    found = [(name, Dockerfile.parse(text_of(project, name))) for name in dockerfiles(project)]
    found = [(name, file) for name, file in found if file.stages]
    if not found:
        raise NotApplicable("there is no Dockerfile")
    return found


@audit_check("P9-digest")
def digest(project: Project) -> Iterator[Shortfall]:
    """Images are made from others that a digest pins."""
    for name, file in _files(project):
        known = {"scratch"}
        for stage in file.stages:
            image = file.resolved(stage.image)
            if image is not None and "@sha256:" not in image and image.lower() not in known:
                message = f"{stage.image} is pinned by no digest"
                yield Shortfall(
                    name, message, "write image:tag@sha256:...; docker images --digests shows it", stage.line
                )
            known.add(stage.name.lower())


@audit_check("P9-dev-dependencies")
def dev_dependencies(project: Project) -> Iterator[Shortfall]:
    """The image lacks what only development takes."""
    for name, file in _files(project):
        if _is_for_development(name.rpartition("/")[2]) or _is_for_development(file.stages[-1].name):
            continue
        for stage in file.final():
            if _is_for_development(stage.name):
                continue
            environment = " ".join(item.words for item in stage.instructions if item.name in {"ENV", "ARG"})
            for item in stage.instructions:
                if item.name == "RUN" and (what := _installs_dev(project, item.words, environment)):
                    yield Shortfall(
                        name, f"{what} installs what development takes", "leave it out of the image", item.line
                    )


def _installs_dev(project: Project, command: str, environment: str) -> str | None:
    """The command that installs what only development takes, None if there is none."""
    if re.search(r"\$\{?\w*(dev|args|extra|opt|group|flag)\w*", command, re.IGNORECASE):
        return None
    pip = re.search(
        r"\bpip3?\s+install\b[^&|;]*?(-r\s*\S*\b(dev|tests?|lint)\w*[\w.-]*\.txt|\[[\w,-]*\b(dev|tests?)\b[\w,-]*\])",
        command,
    )
    if pip:
        return f"pip install {pip[1]}"
    if re.search(r"\bpipenv\s+(install|sync)\b[^&|;]*--dev\b", command):
        return "pipenv --dev"
    pyproject = project.pyproject
    has_dev = "dev" in pyproject.table("dependency-groups") or pyproject.get("tool", "uv", "dev-dependencies")
    uv = re.search(r"\buv\s+sync\b([^&|;]*)", command)
    if uv and has_dev and not re.search(r"--(no-dev|no-default-groups|only-group|no-group)", uv[1]):
        default = pyproject.get("tool", "uv", "default-groups")
        if not re.search(r"UV_NO_(DEV|GROUP|DEFAULT_GROUPS)", environment + command) and (
            default is None or "dev" in default
        ):
            return "uv sync without --no-dev"
    groups = pyproject.table("tool", "poetry", "group")
    optional = all(isinstance(item, dict) and item.get("optional") for item in groups.values())
    has_group = bool(
        pyproject.table("tool", "poetry", "dev-dependencies") or "main" not in groups and groups and not optional
    )
    poetry = re.search(r"\bpoetry\s+(?:[\w-]+\s+)?(install|sync)\b([^&|;]*)", command)
    if (
        poetry
        and has_group
        and not re.search(r"--(no-dev|only|without)", poetry[2])
        and "POETRY_WITHOUT" not in environment
    ):
        return "poetry install without --only main"
    return None


@audit_check("P9-dockerignore")
def dockerignore(project: Project) -> Iterator[Shortfall]:
    """What gets into the context of an image is listed in .dockerignore."""
    names = [(name, file) for name, file in _files(project) if "/" not in name]
    if not names:
        raise NotApplicable("no Dockerfile stands at the top, whose context is the project")
    for name, file in names:
        sources = copied(file)
        if sources is not None and not sources:
            continue
        path = f"{name}.dockerignore" if project.has(f"{name}.dockerignore") else ".dockerignore"
        rows = [row.strip() for row in text_of(project, path).split("\n")]
        rows = [row for row in rows if row and not row.startswith("#")]
        if rows and rows[0].strip("/") in {"*", "**", "**/*"}:
            continue
        message = f"{name} copies from a context that is not listed"
        advice = "begin .dockerignore with *, and name behind it what the image takes: !src/"
        yield Shortfall(path, message, advice, fix=None if rows else _listing(sources))
        return


def _listing(sources: list[str] | None) -> Fix:
    """The .dockerignore that lets through what is copied; None if that is everything, or cannot be told."""
    plain = [source.removeprefix("./").strip("/") for source in sources or []]
    if not plain or not all(re.fullmatch(r"[\w@+./-]+", item) and ".." not in item for item in plain) or "." in plain:
        return None
    return new_file(["*", *(f"!{item}" for item in dict.fromkeys(plain))])


def _services(project: Project) -> list[tuple[str, str, dict]]:
    """The services of all files of Compose: file, name, and what is said of it.

    Raises:
        NotApplicable: there are none.
    """
    names = compose_files(project)
    found = [(name, service, table) for name in names for service, table in services(project, name).items()]
    if not found:
        raise NotApplicable("there is no file of Compose with services")
    return found


@audit_check("P9-health-checks")
def health_checks(project: Project) -> Iterator[Shortfall]:
    """Services of Compose have health checks."""
    found = _services(project)
    checked = {service for _, service, table in found if "healthcheck" in table or "extends" in table}
    ends = {
        other
        for _, _, table in found
        if isinstance(waits := table.get("depends_on"), dict)
        for other, how in waits.items()
        if isinstance(how, dict) and how.get("condition") == "service_completed_successfully"
    }
    own = any("HEALTHCHECK" in text_of(project, name) for name in dockerfiles(project))
    told = set[str]()
    for name, service, table in found:
        if service in checked | ends | told or not {"image", "build"} & table.keys() or "build" in table and own:
            continue
        if table.get("restart") in {"no", "on-failure"} or "provider" in table:
            continue
        told.add(service)
        file = project.yaml(name)
        line = file.line("services", service) if file is not None else 1
        yield Shortfall(name, f"the service {service} has no health check", "add healthcheck: with a test", line)


@audit_check("P9-secrets")
def compose_secrets(project: Project) -> Iterator[Shortfall]:
    """Files of Compose hold no secrets."""
    for name, service, table in _services(project):
        environment = table.get("environment")
        pairs = environment.items() if isinstance(environment, dict) else []
        if isinstance(environment, list):
            pairs = [str(item).partition("=")[::2] for item in environment]
        for key, value in pairs:
            if not _SECRET.fullmatch(str(key)) or _NO_SECRET.fullmatch(str(key)) or not _is_literal(value):
                continue
            file = project.yaml(name)
            place = ("services", service, "environment", str(key))
            line = file.line(*place) if file is not None else 1
            if file is not None and isinstance(environment, list):
                number = next(i for i, item in enumerate(environment) if str(item).startswith(f"{key}="))
                line = file.line("services", service, "environment", number)
            advice = f"take it from the environment: ${{{key}:?}}, or from a secret"
            yield Shortfall(name, f"{key} of {service} stands in the file", advice, line)


def _is_literal(value: object) -> bool:
    text = str(value or "").strip()
    return (
        bool(text) and "$" not in text and text.lower() not in {"true", "false", "yes", "no", "0", "1", "none", "null"}
    )
