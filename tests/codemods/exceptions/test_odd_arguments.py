"""Values of the right class that are empty, long or odd raise nothing outside of the set that is written."""

from __future__ import annotations

import subprocess
import sys

import pytest
from running import make_plan

from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

IMPORTS = (
    "import binascii, csv, hashlib, string, struct, sys, time, unicodedata, urllib.parse\nfrom pathlib import Path\n"
)
ODD = ["", "a", "||", "a..b", "-1", "3", "x" * 300, "shake_128", "\u00e9\u00e8", "%d", "{0}", "/", "a/b", "[", "1e400"]
BODIES = [
    'list(csv.reader(["a"], delimiter=text))',
    'csv.writer(sys.stderr, quotechar=text).writerow(["a"])',
    'list(csv.DictReader(["a"], delimiter=text))',
    'text.encode("idna")',
    'text.encode("punycode")',
    'text.encode("ascii")',
    '"<%c>" % text',
    '"%d" % text',
    '"%s %s" % text',
    '"%s" % text',
    "unicodedata.name(text)",
    "unicodedata.numeric(text)",
    "unicodedata.digit(text)",
    "unicodedata.category(text)",
    "unicodedata.normalize(text, text)",
    "unicodedata.lookup(text)",
    "hashlib.new(text).hexdigest()",
    "Path(text).as_uri()",
    "Path('a').match(text)",
    "Path(text).with_suffix(text)",
    "Path(text).with_name(text)",
    "int(text)",
    "float(text)",
    "chr(int(text))",
    "struct.unpack(text, b'a')",
    "time.strptime(text, '%Y')",
    "string.Template(text).substitute(a=1)",
    "urllib.parse.urlsplit(text).port",
    "binascii.unhexlify(text)",
    "text.index('b')",
    "text.split(text)",
    "text.zfill(3)",
    "text.join([text])",
]
PROGRAM = "{imports}text = sys.argv[1]\ntry:\n    {body}\nexcept:\n    sys.exit('caught')\n"


@pytest.mark.parametrize("body", BODIES)
def test_what_is_caught_is_caught_as_before(body: str):
    source = PROGRAM.format(imports=IMPORTS, body=body)
    result = transform(source.encode(), make_plan(["bare-except"]), ProjectFacts(path="script.py"))
    if result.output is None:
        return
    found = set()
    # One process for all values: the handler alone is looked at.
    lines = result.output.decode().replace("text = sys.argv[1]\n", "for text in sys.argv[1:]:\n", 1).splitlines()
    start = lines.index("for text in sys.argv[1:]:") + 1
    looped = [*lines[:start], *(f"    {line}" for line in lines[start:])]
    text = "\n".join(looped).replace("sys.exit('caught')", "pass")
    done = subprocess.run([sys.executable, "-c", text, *ODD], capture_output=True, text=True, check=False)
    found.add(done.stderr.splitlines()[-1] if done.returncode else "")
    assert found == {""}, [line for line in lines if "except" in line]
