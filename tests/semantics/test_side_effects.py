"""What has a side effect besides output, and what has none as far as is known."""

from __future__ import annotations

import pytest

from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.side_effects import side_effect
from pymodernize.transformation.model import module_of

NONE = r"""
print("x")
import os\nprint(os.path.join("a", "b"), os.getcwd())
import os.path as p\nprint(p.exists("a"))
from os.path import exists as there\nthere("a")
from os import listdir, path\npath.isdir("a")
open("a").read()
with open("a", "rb") as f: print(f.read())
from pathlib import Path\nPath("a").open(mode="r")
import io\nio.open("a", encoding="utf-8")
import sys\nsys.stdout.write("x")\nsys.exit(1)
import time\ntime.strftime("%H")
import numpy as np\nprint(np.zeros(3))
from xml.etree import ElementTree as ET\nET.parse("a")
import xml.dom.minidom
from urllib.parse import quote
"abc".replace("a", "b")
import datetime\ndatetime.datetime.now().replace(hour=0)
frame.to_string()\nframe.rename(columns={})
class Shape:\n    def plot(self): print("x")\nShape().plot()
import pandas as pd\npd.read_csv("a").to_json()
import zipfile\nzipfile.ZipFile("a").namelist()
input("x")
import socket\nprint(socket.gethostbyname(socket.gethostname()))
import requests\nprint(requests.get("http://a").text)
from urllib.request import Request, urlopen\nurlopen(Request("http://a", headers={}))
from PIL import Image\nImage.open(name).size
import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()
import bs4\nbs4.BeautifulSoup("x").a.extract()
from __future__ import annotations
"""
SOME = r"""
open | open("a", "w")
open | with open("a", mode) as f: pass
open | f = open
open | open("a", mode="r+")
open | from pathlib import Path\nPath("a").open("a")
open | import gzip\ngzip.open("a", "wt")
open | open = other\nopen("a")
write_text | from pathlib import Path\nPath("a").write_text("x")
rename | from pathlib import Path\nPath("a").rename("b")
replace | from pathlib import Path as P\nP("a").replace("b")
os.remove | import os\nos.remove("a")
o.mkdir | import os as o\no.mkdir("a")
os.unlink | from os import unlink as u
os.* | from os import *
os | import os\nx = os\nx.remove("a")
os.system | import os, os.path\nos.system("ls")
time.sleep | import time\ntime.sleep(1)
subprocess | import subprocess
socket.socket | import socket\nsocket.socket()
socket.create_connection | from socket import create_connection
requests.post | import requests\nrequests.post("http://a")
requests.Session | from requests import Session
urlopen | import urllib.request\nurllib.request.urlopen("http://a", data=b"x")
urlretrieve | import urllib.request as u\nu.urlretrieve("http://a", "b")
savefig | import matplotlib.pyplot as plt\nplt.savefig("a")
write | table.write("a", format="fits")
save | from PIL import Image\nImage.open("a").save("b")
extract | import tarfile\ntarfile.open("a").extract("b")
boto3 | import boto3
logging | import logging
warnings | import warnings
tkinter | import tkinter
.helper | from .helper import x
helper | import helper
json | import json
exec | exec("x = 1")
to_csv | frame.to_csv("a")
save | import numpy as np\nnp.save("a", 1)
numpy.savetxt | from numpy import savetxt
ZipFile | import zipfile\nzipfile.ZipFile("a", "w")
shutil.copy | import shutil\nshutil.copy("a", "b")
"""


def effect(source: str) -> str:
    return side_effect(module_of(source.encode(), ProjectFacts(beside=frozenset({"helper", "json"}))))


@pytest.mark.parametrize("source", NONE.strip().splitlines())
def test_what_reads_and_computes_has_none(source: str):
    assert effect(source.replace(r"\n", "\n")) == ""


@pytest.mark.parametrize("line", SOME.strip().splitlines())
def test_what_writes_waits_or_is_unknown_has_one(line: str):
    name, source = line.split(" | ", 1)
    assert effect(source.replace(r"\n", "\n")).startswith(name)
