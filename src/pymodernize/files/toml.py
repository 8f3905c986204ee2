"""Read a TOML file that anybody may have written: no larger, deeper or otherwise dearer than settings are."""

from __future__ import annotations

import re
import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# How many bytes a file may have, and how many parts a key: what a key takes grows with the square of them.
MOST_BYTES = 500_000
MOST_PARTS = 200
_STRING = re.compile(r"""\"[^\"]*\"|'[^']*'""")


class NotToml(ValueError):
    """The text asks for too much, or is no TOML; the message says why."""


def parse_toml(data: bytes) -> dict[str, Any]:
    """The tables of a file with these bytes.

    Raises:
        NotToml: it cannot be had.
    """
    if len(data) > MOST_BYTES:
        raise NotToml(f"is larger than {MOST_BYTES} bytes, the limit of a settings file")
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        for number, line in enumerate(text.split("\n"), 1):
            # The dots that are left stand in keys and numbers.
            if line.count(".") > MOST_PARTS and _STRING.sub("", line).partition("#")[0].count(".") > MOST_PARTS:
                raise NotToml(f"line {number} has a key of more than {MOST_PARTS} parts")
        return tomllib.loads(text)
    except UnicodeDecodeError as exc:
        raise NotToml(f"is not TOML: byte {exc.start} is no UTF-8") from None
    except RecursionError:
        raise NotToml("is nested too deeply to be read") from None
    except NotToml:
        raise
    except ValueError as exc:  # TOMLDecodeError is one; a number of thousands of digits is another
        raise NotToml(f"is not TOML: {exc}") from None
