"""The Python that the docs show: ```pycon blocks and notebooks are run and show what they print."""

from __future__ import annotations

import ast
import io
import json
import re
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from tests import queries

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?<=^```pycon\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
#: Lines after the prompts; then what is shown of what they print.
_STEP = re.compile(r"((?:^>>> .*\n)(?:^\.\.\.(?: .*)?\n)*)((?:^(?!>>> ).*\n)*)", re.MULTILINE)


def recorded_page(text: str, folder: Path) -> str:
    """The page with what its blocks print now, one after the other, in an empty folder."""
    names: dict[str, object] = {}

    def step(found: re.Match[str]) -> str:
        lines = found[1].splitlines()
        return found[1] + printed("\n".join(line[4:] for line in lines) + "\n", names)

    with _beside_fixtures(folder):
        return _BLOCK.sub(lambda block: _STEP.sub(step, block[0]), text)


def recorded_notebook(text: str, folder: Path) -> str:
    """The notebook with what its cells print now, in order, in an empty folder."""
    notebook = json.loads(text)
    names: dict[str, object] = {}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    with _beside_fixtures(folder):
        for number, cell in enumerate(code, 1):
            said = printed("".join(cell["source"]), names).splitlines(keepends=True)
            stream = {"output_type": "stream", "name": "stdout", "text": said}
            cell |= {"execution_count": number, "outputs": [stream] if said else []}
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def printed(code: str, names: dict[str, object]) -> str:
    """What the interpreter prints of the code: the value of each expression, too."""
    output = io.StringIO()
    with redirect_stdout(output):
        for statement in ast.parse(code).body:
            single = ast.Interactive([statement])
            exec(compile(single, "<example>", "single", dont_inherit=True), names)  # noqa: S102
    return output.getvalue()


def _beside_fixtures(folder: Path) -> chdir[Path]:
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    return chdir(folder)


#: What shows Python, and what makes it show what is printed now.
RECORDED: dict[Path, Callable[[str, Path], str]] = {
    ROOT / "docs" / "python.md": recorded_page,
    ROOT / "docs" / "python.ipynb": recorded_notebook,
    queries.PAGE: lambda text, folder: recorded_page(queries.recorded(text, folder), folder),
}
