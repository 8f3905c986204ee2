"""Reachability in a graph of files, in time linear in the graph and the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import compress
from typing import TypeAlias

Steps: TypeAlias = Callable[[str], Iterable[str]]
"""The successors of a node."""


def reached(starts: Iterable[str], steps: Steps) -> set[str]:
    """The nodes that are reached from some nodes by one step or more."""
    found: set[str] = set()
    pending = list(starts)
    while pending:
        fresh = set(steps(pending.pop())) - found
        found |= fresh
        pending += fresh
    return found


def first_two(starts: Iterable[str], steps: Steps) -> dict[str, list[str]]:
    """By node, the first two of some nodes that reach it by one step or more, in their order.

    Linear: no node is visited more than twice, as two origins are enough for its successors.
    """
    found: dict[str, list[str]] = {}
    for start in starts:
        pending = [start]
        while pending:
            for node in steps(pending.pop()):
                known = found.setdefault(node, [])
                if len(known) < 2 and start not in known:
                    known.append(start)
                    pending.append(node)
    return found


class Walk:
    """A traversal that several calls continue: each node is visited once in all of them together."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._passed: set[str] = set()

    def further(self, starts: Iterable[str]) -> set[str]:
        """Some nodes and those that they reach, without nodes that an earlier call has visited."""
        found = set(starts) - self._passed
        self._passed |= found
        pending = list(found)
        while pending:
            fresh = set(self._steps(pending.pop())) - self._passed
            found |= fresh
            self._passed |= fresh
            pending += fresh
        return found


class Reach:
    """The nodes reachable from each node. Strongly connected nodes share one answer.

    Sets of nodes are bit sets in an int, so that thousands of sets of thousands of nodes take little memory.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._bits: dict[str, int] = {}
        self._names: list[str] = []
        self._found: dict[str, int] = {}

    def of(self, start: str) -> list[str]:
        """The nodes that are reached from a node by one step or more, without itself, in order."""
        if start not in self._found:
            self._visit(start)
        bits = f"{self._found[start]:b}"
        return sorted(name for name in compress(self._names, map(int, reversed(bits))) if name != start)

    def _visit(self, root: str) -> None:
        """Compute the answers for a node and its successors: Tarjan's algorithm, without recursion."""
        numbers = {root: 0}
        lowest = {root: 0}
        open_nodes = [root]
        path: list[tuple[str, Iterator[str]]] = [(root, iter(self._steps(root)))]
        while path:
            node, rest = path[-1]
            fresh = None
            for target in rest:
                if target in self._found:
                    continue
                if target not in numbers:
                    fresh = target
                    break
                lowest[node] = min(lowest[node], numbers[target])
            if fresh is not None:
                numbers[fresh] = lowest[fresh] = len(numbers)
                open_nodes.append(fresh)
                path.append((fresh, iter(self._steps(fresh))))
                continue
            path.pop()
            if path:
                lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[node])
            if lowest[node] == numbers[node]:
                circle = [open_nodes.pop()]
                while circle[-1] != node:
                    circle.append(open_nodes.pop())
                self._close(circle)

    def _close(self, circle: list[str]) -> None:
        """Store the answer for a strongly connected component, whose successors have theirs."""
        targets = set().union(*(self._steps(node) for node in circle))
        mask = 0
        for target in targets:
            mask |= 1 << self._bit(target) | self._found.get(target, 0)
        self._found.update(dict.fromkeys(circle, mask))

    def _bit(self, name: str) -> int:
        if name not in self._bits:
            self._bits[name] = len(self._names)
            self._names.append(name)
        return self._bits[name]
