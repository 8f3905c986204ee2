"""Random scripts that do with a text, or with lists, all that a script may do with them."""

from __future__ import annotations

import random
from collections.abc import Iterable

_TEXTS = ["''", "'./'", "'file'", "'file/'", "'folder'", "'./file'", "'.'", "'a//b'", "given()"]
_START = """\
import os, sys

count = []
def turn():
    count.append(1)
    if len(count) > 40:
        sys.exit(0)
    return len(count) % 3
def see(*values):
    turn()
def given():
    return sys.argv[1]
def all_given():
    return sys.argv[1:]
"""


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


class GuardScripts:
    """Scripts that test ``x``, bind it anew and read it, in all kinds of statements.

    Args:
        choose: decides what stands in them.
    """

    def __init__(self, choose: random.Random) -> None:
        self.choose = choose

    def script(self) -> str:
        """One script."""
        inside = self.choose.random() < 0.5
        body = ["x = given()", "y = 'file'"]
        for _ in range(4):
            body += self._statement(0, "return" if inside else "sys.exit(1)")
        change = ["def change():", "    pass"]
        if self.choose.random() < 0.3:
            change = ["def change():", f"    {'nonlocal' if inside else 'global'} x", f"    x = {self._text()}"]
        lines = ["later = []", *change, *body]
        if inside:
            lines = ["def main():", *_indented(["x = ''", *lines]), "main()"]
        return _START + "\n".join(lines) + "\n"

    def _text(self) -> str:
        return self.choose.choice(_TEXTS)

    def _test(self) -> str:
        return self.choose.choice(
            [
                *("os.path.isfile(x)", "not os.path.isfile(x)", "x", "not x", "x != ''", "x == ''", "x.endswith('e')"),
                *("os.path.exists(x)", "os.path.islink(x) or os.path.isfile(x)", "y and os.path.isfile(x)", "turn()"),
                *("not x or not os.path.isfile(x)", "os.path.isfile(x) and see(x)", "not os.path.isfile(x) or see(x)"),
                *(f"(x := {self._text()})", f"x and (x := {self._text()})"),
            ]
        )

    def _binding(self) -> str:
        text, tested = self._text(), self.choose.choice(["os.path.isfile(x)", "x", "not x", "turn()"])
        return self.choose.choice(
            [
                *(f"x = {text}", f"x, y = y, {text}", f"y = x = {text}", f"x = {text} if x else x", "x += '/'"),
                *("x = x + '/'", "x = os.path.dirname(x)", "change()", "del x; x = y", f"(lambda x={text}: see(x))()"),
                *(
                    "later.append(lambda: see(x))",
                    "[read() for read in later]",
                    f"[see(x) for x in [{text}] if {tested}]",
                ),
                f"[see(x) for x in all_given() if os.path.isfile(x) for x in [{text}]]",
            ]
        )

    def _block(self, depth: int, leaving: str) -> list[str]:
        return _indented(line for _ in range(self.choose.randint(1, 3)) for line in self._statement(depth + 1, leaving))

    def _statement(self, depth: int, leaving: str) -> list[str]:
        kind = self.choose.randint(0, 9 if depth < 3 else 3)  # noqa: PLR2004 - no deeper
        if kind < 4:  # noqa: PLR2004 - the plain ones
            return [self._binding() if kind % 2 else "see(x)"]
        if kind in {4, 5}:
            leaves = self.choose.random() < 0.5
            lines = [f"if {self._test()}:", *([f"    {leaving}"] if leaves else self._block(depth, leaving))]
            return [*lines, "else:", *self._block(depth, leaving)] if self.choose.random() < 0.3 else lines
        if kind == 6:  # noqa: PLR2004
            loops = ["for x in all_given():", "for y in all_given():", f"while turn() and {self._test()}:"]
            inner = self.choose.choice([leaving, "continue", "break"])
            return [self.choose.choice(loops), *self._block(depth, inner), "else:", *self._block(depth, leaving)]
        if kind == 7:  # noqa: PLR2004
            last = self.choose.choice(["except ValueError:", "finally:", "except (OSError, ValueError) as y:"])
            after = "raise ValueError" if last == "finally:" else leaving
            return ["try:", *self._block(depth, leaving), last, "    y = ''", *self._block(depth, after)]
        if kind == 8:  # noqa: PLR2004
            return ["with open('file') as stream:", *self._block(depth, leaving)]
        cases = [*("case 'file':", *self._block(depth, leaving)), *("case x:", *self._block(depth, leaving))]
        return ["match x:", *_indented(cases)]


class ListScripts:
    """Scripts that put values into lists and mappings, by all the names that these go by.

    Args:
        choose: decides what stands in them.
    """

    def __init__(self, choose: random.Random) -> None:
        self.choose = choose

    def script(self) -> str:
        """One script."""
        lines = [line for _ in range(self.choose.randint(4, 12)) for line in self._statement().split("\n")]
        return "\n".join([_START + self._helpers(), *lines, "hold.show()", "print(a, b, c)", ""])

    def _helpers(self) -> str:
        taken = self.choose.choice(
            ["return x", "x.append('w/'); return x", "return x + ['w']", "y = x; y.append(''); return y"]
        )
        adding = [
            "self.items.append(x)",
            "self.items += [x]",
            "y = self.items; y.append(x)",
            "self.items, self.more = [x], 1",
        ]
        name = self._name()
        return f"""\
def take(x):
    {taken}
def make(x):
    return [x]
kept = []
def keep(x):
    kept.append(x)
    return kept
def add(item, to=[]):
    to.append(item)
    for x in to[:3]: see(x)
    return to
class Hold:
    def __init__(self, first): self.items = [first]
    def add(self, x): {self.choose.choice(adding)}
    def all(self): return self.items
    def show(self):
        for x in self.items[:3]: see(x)
hold = Hold({self.choose.choice(["'file'", "'./'", "5"])})
t = given()
m = {{}}
a = []
b = ['file']
c = [t]
def change(x):
    global {name}
    {name} = [x]"""

    def _name(self) -> str:
        return self.choose.choice("abc")

    def _item(self) -> str:
        return self.choose.choice(["'file'", "'./'", "''", "5", "None", "given()", "t", "t + '/'", "m.get(t)"])

    def _list(self) -> str:
        one, other, item = self._name(), self._name(), self._item()
        return self.choose.choice(
            [
                *("[]", f"[{item}]", one, one, f"{one}[:]", f"list({one})", f"({one} or {other})", f"{one} + {other}"),
                *(f"({one} if turn() else {other})", f"[t for t in {one}]", f"sorted({one}, key=str)", f"take({one})"),
                *(f"make({item})", f"keep({item})", f"max({one}, {other}, key=len)", f"next(iter({one}), {other})"),
                *("sys.argv[1:]", "list(m)", "list(m.values())", "'a ./'.split()", f"(d := {one})", f"[*{one}]"),
                *("hold.items", "hold.all()", f"{one}.copy()", f"list(reversed({one}))"),
            ]
        )

    def _statement(self) -> str:
        one, other, item, values = self._name(), self._name(), self._item(), self._list()
        return self.choose.choice(
            [
                *(f"{one} = {values}", f"{one} = {other} = {values}", f"{one}, {other} = {values}, {self._list()}"),
                *(f"{one}.append({item})", f"{one} += {values}", f"{one} += [{item}]", f"{one}.extend({values})"),
                *(
                    f"{one}.insert(0, {item})",
                    f"{one}[:] = {values}",
                    f"{one}[0:1] = [{item}]",
                    f"({values}).append({item})",
                ),
                *(
                    f"if {one}: {one}[0] = {item}",
                    f"if {one}: {one}[0], t = {item}, 'q'",
                    f"{one}[slice(0, 1)] = [{item}]",
                ),
                *(f"for t in {one}[:3]: {other}.append({item})", f"[{one}.append(t) for t in [{item}]]"),
                *(
                    f"m[{item}] = {item}",
                    f"m.update({{{item}: {self._item()}}})",
                    f"m.setdefault({item}, {self._item()})",
                ),
                *(
                    f"t = m.pop('file', {item})",
                    f"m |= {{{item}: {self._item()}}}",
                    f"{one} *= 2",
                    f"{one}.sort(key=str)",
                ),
                *(f"add({item}, {one})", f"add({item})", f"add(item={item}, to={one})", f"f = {one}.append; f({item})"),
                *(
                    f"d = {values}; d.append({item})",
                    f"d = [{one}]; d[0].append({item})",
                    f"d, e = {one}, 1; d.append({item})",
                ),
                *(f"d = {{1: {one}}}; d[1].append({item})", f"hold.items = {values}", f"hold.items.append({item})"),
                *(
                    f"hold.add({item})",
                    f"change({item})",
                    f"*{one}, t = {other} + ['z']",
                    f"t = {one}.pop() if {one} else ''",
                ),
                *(f"for t in {one}[:3]: see(t)", f"for i, t in enumerate({one}[:3]): see(t)", f"see(*{one})"),
                *("for t in hold.items[:3]: see(t)", "for k, v in list(m.items()): see(k, v)", "for k in m: see(m[k])"),
                *(f"if {one}: see({one}[0])", f"with open('file') as f: {one} = f.readlines()"),
                *(f"try: {one}.append({item})\nfinally: see({one})", f"{one}.append({one}[-1] if {one} else {item})"),
            ]
        )
