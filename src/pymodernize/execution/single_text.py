"""The result for one text that need not be on the disk: that of stdin, or of an editor.

Who asks again and again about a file that is being edited asks about the same
neighbours each time: what is known of them, and of the text itself if it is as
it was, comes from the cache.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from pymodernize.execution.known_files import Memory
from pymodernize.execution.pool import Pool
from pymodernize.execution.projects import Neighbourhood
from pymodernize.execution.task import Task
from pymodernize.plan import Plan
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.result import Result


def surroundings_of(name: str, plan: Plan, memory: Memory, pool: Pool | None = None) -> tuple[ProjectFacts, str]:
    """The project facts of a file, and the project's folder.

    Args:
        name: the file's; it need not be there.
        plan: what to do.
        memory: what is known already.
        pool: who asks other files; this process if None.
    """
    path = Path(name)
    neighbourhood = Neighbourhood([path], plan, max_size=memory.max_size, pool=pool, memory=memory)
    return neighbourhood.facts(path), neighbourhood.root_of(path)


def key_of_text(source: bytes, facts: ProjectFacts, root: str, memory: Memory) -> bytes | None:
    """The cache key of the result for a text; None without a cache.

    Args:
        source: the text.
        facts: what is known around it.
        root: the project's folder.
        memory: keeps answers.
    """
    return memory.key(hashlib.sha256(source).digest(), facts, root)


def result_of(source: bytes, name: str | None, plan: Plan, memory: Memory) -> Result:
    """The result for a text.

    Args:
        source: the text, in which a codemod is triggered.
        name: the file that it is the text of, which tells where in a project it belongs; None if it is of none.
        plan: what to do.
        memory: what is known already.
    """
    with Pool(plan, 1) as pool:
        facts, root = ProjectFacts(path="<stdin>"), ""
        if name is not None:
            facts, root = surroundings_of(name, plan, memory, pool)
        key = key_of_text(source, facts, root, memory)
        known = memory.result(key)
        if known is not None:
            return known
        ((_, answer),) = pool.map([(None, Task(source, facts))])
    if not isinstance(answer, Result):
        return Result(error=getattr(answer, "message", None))
    memory.keep(key, answer, root)
    return answer
