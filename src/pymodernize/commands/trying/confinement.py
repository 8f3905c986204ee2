"""Confinement of a run of a script to a copy of its project, by bubblewrap or unshare of util-linux.

In it there is no network and no other process; all is read-only but the copy, which stands where the project does, and
a folder for temporary files.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.files.programs import find_program

_SECONDS = 20.0
_MOST_BYTES = 100_000_000
"""No file that a run writes may be larger."""
_LIMITS = f'ulimit -c 0; ulimit -f {_MOST_BYTES // 512}; exec "$@"'
_NAMESPACES = "--map-root-user --mount --net --pid --ipc --uts --fork --kill-child --mount-proc".split()
# The options of each mount are kept: in a namespace of a user's own some of them must not be taken off.
_SET_UP = """
top=$1 copy=$2 temp=$3 there=$4 hide=$5 lent=$6 folder=$7; shift 7
left=$(while read -r _ _ _ _ point options _; do
    case "$point" in *\\\\*) point=$(printf '%b' "$(printf '%s' "$point" | sed 's/\\\\/\\\\0/g')") ;; esac
    case "$options" in
        ro | ro,*) ;;
        *) mount -o "remount,bind,ro,${options#rw}" "$point" 2>&- || printf '%s\\n' "$point" ;;
    esac
done < /proc/self/mountinfo)
printf '/\\n%s\\n' "$left" | while IFS= read -r point; do
    if [ -n "$point" ] && [ -w "$point" ]; then echo "$point is not read-only" >&2; exit 125; fi
done || exit 125
printf '%s' "$lent" | while IFS= read -r name; do
    mount --bind "$top/$name" "$copy/$name" || exit 125
done || exit 125
mount --rbind "$copy" "$top" && mount -o remount,bind,rw "$top" || exit 125
mount --bind "$temp" "$there" && mount -o remount,bind,rw "$there" || exit 125
if [ -n "$hide" ]; then mount -t tmpfs -o ro tmpfs "$hide" || exit 125; fi
case "$top/" in /dev/shm/*) ;; *) mount -t tmpfs tmpfs /dev/shm 2>&- ;; esac
cd "$folder" || exit 125
# What could mount could undo all this.
if [ -n "$(command -v setpriv)" ]; then set -- setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"; fi
"""
_TEMP = "/tmp"  # noqa: S108 - a folder of ours stands there
_SOCKETS = "/run"


class NoConfinement(ValueError):
    """Nothing keeps a script within the copy here; the message says so, and what to do."""


@dataclass(frozen=True)
class Inside:
    """The places of a run.

    Attributes:
        top: the project's folder.
        copy: the copy of it.
        temp: a folder of ours for temporary files.
        lent: folders of the project that are not in the copy, from the top on.
    """

    top: Path
    copy: Path
    temp: Path
    lent: Sequence[str] = ()


@dataclass(frozen=True)
class Confinement:
    """Makes command lines that run in the copy.

    Attributes:
        program: the path of what keeps them there; empty if nothing does.
        needed: folders that must be there as they are, whatever else is hidden.
    """

    program: str
    needed: tuple[str, ...] = ()

    def words(self, words: Sequence[str], folder: str, inside: Inside) -> list[str]:
        """The command line that runs another one.

        Args:
            words: the other one.
            folder: where it runs, from the project's folder on.
            inside: the places.
        """
        if os.name != "posix":
            return list(words)
        limited = ["sh", "-c", _LIMITS, "sh", *words]
        if not self.program:
            return limited
        place = os.path.join(inside.top, folder) if folder else str(inside.top)
        temp, hidden = self._temp(inside), self._hidden(inside)
        if os.path.basename(self.program) == "unshare":
            places = map(str, (inside.top, inside.copy, inside.temp, temp, hidden))
            lent = "".join(f"{name}\n" for name in inside.lent)
            return [self.program, *_NAMESPACES, "sh", "-c", _SET_UP + _LIMITS, "sh", *places, lent, place, *words]
        binds = [part for name in inside.lent for part in ("--ro-bind", inside.top / name, inside.top / name)]
        over = ["--bind", inside.temp, temp, *(["--tmpfs", hidden] if hidden else [])]
        options = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", *over, "--bind", inside.copy, inside.top]
        ends = ["--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--chdir", place]
        return [self.program, *map(str, (*options, *binds)), *ends, *limited]

    def folder(self, folder: str, inside: Inside) -> Path:
        """Where the outer command line is to be started."""
        return Path("/") if self.program else inside.copy / folder

    def temp(self, inside: Inside) -> str:
        """The path of temporary files, as a run sees it."""
        return self._temp(inside) if self.program else str(inside.temp)

    def _temp(self, inside: Inside) -> str:
        """Where the folder for temporary files stands: where all expect it, unless that would hide the project."""
        return str(inside.temp) if self._is_needed(_TEMP, inside) or not Path(_TEMP).is_dir() else _TEMP

    def _hidden(self, inside: Inside) -> str:
        """Where the sockets of services are, through which a run could have something done outside."""
        return "" if self._is_needed(_SOCKETS, inside) or not Path(_SOCKETS).is_dir() else _SOCKETS

    def _is_needed(self, folder: str, inside: Inside) -> bool:
        return any(os.path.join(path, "").startswith(f"{folder}/") for path in (str(inside.top), *self.needed))


def confinement(inside: Inside, needed: Sequence[str]) -> Confinement:
    """What keeps runs within the copy on this machine: the first that works.

    Args:
        inside: the places; with them it is tried.
        needed: paths of programs that are run.

    Raises:
        NoConfinement: nothing does.
    """
    real = tuple(os.path.realpath(path) for path in needed)
    said = []
    for name in ("bwrap", "unshare"):
        program = find_program(name)
        if program is None:
            said.append(f"{name} is not installed")
            continue
        found = Confinement(program, (*needed, *real))
        why = _fault_of(found, inside)
        if not why:
            return found
        said.append(f"{name} says: {why}")
    raise NoConfinement(
        "scripts are tried in a copy that they cannot leave, for which bubblewrap or unshare must work here, and "
        f"neither does ({'; '.join(said)}); --unconfined runs them without"
    )


def _fault_of(found: Confinement, inside: Inside) -> str:
    """Why something does not keep runs within the copy; empty if it does."""
    # What is tried: the copy can be written to, the folder above cannot.
    words = found.words(["sh", "-c", 'touch ".pymodernize-try" && rm -f ".pymodernize-try"'], "", inside)
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system's
            words, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        return str(exc)
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (said[-1] if said else f"exit status {done.returncode}") if done.returncode else ""
