"""What the site needs beside docs/: the pages at the top of the project, and links that fit it.

A hook of MkDocs. The README is the site's first page. A link to what the site does not have, such
as a fixture, becomes its path.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
#: The pages at the top of the project, and where they stand in the site.
TOP = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!\w+:)([^)#\s]+)(#[^)]*)?\)")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages at the top of the project, as if they stood in docs/."""
    for name, page in TOP.items():
        text = _fitting((ROOT / name).read_text(encoding="utf-8"), ROOT, page)
        files.append(File.generated(config, page, content=text.replace("](docs/", "](")))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let the links of a page of docs/ fit the site."""
    if page.file.generated_by:
        return markdown
    folder = (ROOT / "docs" / page.file.src_uri).parent
    return _fitting(markdown, folder, page.file.src_uri)


def _fitting(text: str, folder: Path, page: str) -> str:
    """A text that stands in the folder, with links as the site's page has them."""
    return LINK.sub(lambda link: _fit(link, folder, page), text)


def _fit(link: re.Match[str], folder: Path, page: str) -> str:
    text, target, anchor = link[1], link[2], link[3] or ""
    path = os.path.relpath(os.path.normpath(folder / target), ROOT)
    if path in TOP:
        path = f"docs/{TOP[path]}"
    if path.startswith("docs/"):
        return f"[{text}]({os.path.relpath(path, Path('docs', page).parent)}{anchor})"
    if not (ROOT / path).exists():
        return link[0]  # which fails the build
    return f"`{path}`" if text in path else f"{text} (`{path}`)"
