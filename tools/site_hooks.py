"""What the documentation site takes in from outside docs/, and where links to it lead there. Called by MkDocs."""

from __future__ import annotations

import os
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
TAKEN_IN = {"codemods/README.md": "reference/codemods.md", "SECURITY.md": "security.md"}
"""Pages of the repository, and what they are in the site."""
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s#:]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from outside."""
    for source, target in TAKEN_IN.items():
        files.append(File.generated(config, target, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Have links lead to pages of the site; to what is none, they become plain text."""
    target = page.file.src_uri
    source = next((name for name, into in TAKEN_IN.items() if into == target), f"docs/{target}")

    def led(match: re.Match[str]) -> str:
        name = os.path.normpath(os.path.join(os.path.dirname(source), match[2])).replace(os.sep, "/")
        inside = TAKEN_IN.get(name, name.removeprefix("docs/") if name.startswith("docs/") else "")
        if not inside:
            return f"{match[1]} (`{name}`)"
        path = os.path.relpath(inside, os.path.dirname(target) or ".").replace(os.sep, "/")
        return f"[{match[1]}]({path}{match[3] or ''})"

    return _LINK.sub(led, markdown)
