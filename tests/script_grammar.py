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


class OpenScripts:
    """Scripts that open files, read and write them, and close them here and there, or not at all.

    Args:
        choose: decides what stands in them.
    """

    def __init__(self, choose: random.Random) -> None:
        self.choose = choose
        self.written: dict[str, bool] = {}

    def script(self) -> str:
        """One script, to be run where there are the files ``a`` to ``d``."""
        body = ["f = open('a')", "g = open('b', 'a')"] if self.choose.random() < 0.3 else []
        body += [line for _ in range(self.choose.randint(2, 5)) for line in self._statement(0)]
        if self.choose.random() < 0.6:
            body = ["def work():", *_indented([*body, "return 1"]), "print(work())", "print(open('a').read())"]
        return _OPENING + "\n".join(body) + "\n"

    def _path(self) -> str:
        return self.choose.choice(["'a'", "'b'", "'c'", "'a'", "name()"])

    def _open(self, file: str) -> str:
        mode = self.choose.choice(["", "", "", ", 'r'", ", 'w'", ", 'w'", ", 'a'", ", 'r+'"])
        self.written[file] = "w" in mode or "a" in mode
        return f"open({self._path()}{mode})"

    def _use(self, file: str) -> str:
        other = "g" if file == "f" else "f"
        reading = [
            *(
                f"print({file}.read())",
                f"t = {file}.readline()",
                f"t = {file}.readlines()",
                f"print(len(list({file})))",
            ),
            *(f"t = [line for line in {file}]", f"show({file})", f"print(sum(1 for line in {file}))"),
            *(f"r = enumerate({file})", "print(next(r, 0))"),
        ]
        writing = [
            *(f"{file}.write('y' * 9000)", f"print('z', file={file})", f"put({file}, 'w')", f"{file}.write('x\\n')"),
            *(f"{file}.flush()", f"{file}.writelines(['u', 'v'])"),
        ]
        any_ = [
            *(f"print({file}.name)", f"print(bool({file}))", "turn()", "print(size())", f"{file}", "print('plain')"),
            *(f"print(open({self._path()}).read())", f"{file}.seek(0)", f"print({file}.closed)", "print(len(str(t)))"),
            *(f"{other} = {file}", f"kept.append({file})"),
        ]
        fitting = writing if self.written.get(file) else reading
        if self.choose.random() < 0.03:
            fitting = reading + writing
        return self.choose.choice(fitting if self.choose.random() < 0.6 else any_)

    def _once(self) -> str:
        path = self._path()
        return self.choose.choice(
            [
                *(f"t = open({path}).read()", f"print(open({path}).readlines()[:2])", f"open({path}, 'w').write('n')"),
                *(f"print('m', file=open({path}, 'a'))", f"t = [x for x in open({path})]", f"show(open({path}))"),
                *(f"t = size() + len(open({path}).read())", f"put(open({path}, 'a'), size())"),
                f"open({path}, 'w').write(str(size()))",
            ]
        )

    def _block(self, depth: int) -> list[str]:
        return _indented(line for _ in range(self.choose.randint(1, 3)) for line in self._statement(depth + 1))

    def _statement(self, depth: int) -> list[str]:
        file = self.choose.choice("fffg")
        kind = self.choose.randint(0, 13 if depth < 2 else 6)  # noqa: PLR2004 - no deeper
        if kind in {0, 1, 2}:
            opening = f"{file} = {self._open(file)}"
            uses = [self._use(file) for _ in range(self.choose.randint(0, 3))]
            closing = self.choose.choice([[f"{file}.close()"], [f"{file}.close()"], [], [f"{file}.close"]])
            between = self._statement(depth + 1) if self.choose.random() < 0.3 else []
            return [opening, *uses, *between, *closing]
        if kind == 3:  # noqa: PLR2004
            opening = [f"f = {self._open('f')}", f"g = {self._open('g')}"]
            return [*opening, self._use("f"), self._use("g"), "f.close()", "g.close()"]
        if kind in {4, 5}:
            return [self._use(file) if self.choose.random() < 0.6 else self._once()]
        if kind == 6:  # noqa: PLR2004
            return [self.choose.choice([f"{file}.close()", "del f", "kept.clear()", "print(size())", "pass"])]
        if kind in {7, 8}:
            closing = self.choose.choice(["sys.exit(0)", "raise ValueError", ""])
            return ["if turn():", *self._block(depth), *_indented([f"{file}.close()", closing] if closing else [])]
        if kind == 9:  # noqa: PLR2004
            return [f"for line in open({self._path()}):", "    turn()", *self._block(depth)]
        if kind == 10:  # noqa: PLR2004
            loop = self.choose.choice([f"for t in {file}:", "for name_ in ['a', 'b']:"])
            return [
                loop,
                "    turn()",
                *self._block(depth),
                *_indented([self.choose.choice(["pass", "break", "continue"])]),
            ]
        last = self.choose.choice([f"{file}.close()", f"{file}.close()", "print(size())"])
        if kind == 11:  # noqa: PLR2004
            return [f"{file} = {self._open(file)}", "try:", *self._block(depth), "finally:", f"    {last}"]
        caught = self.choose.choice(["OSError", "ValueError", "(OSError, ValueError)", "Exception"])
        handling = ["    print('caught')", f"    {self.choose.choice([last, 't = []'])}"]
        return ["try:", *self._block(depth), f"except {caught}:", *handling]


_OPENING = """\
import os, sys

count, kept, t, r = [], [], '', iter(())
def turn():
    count.append(1)
    if len(count) > 40:
        sys.exit(0)
    return len(count) % 3
def name():
    return 'd'
def size():
    return sum(os.path.getsize(x) for x in 'abcd')
def show(file):
    for line in file:
        print(line, turn())
def put(file, text):
    print(text, file=file)
"""
