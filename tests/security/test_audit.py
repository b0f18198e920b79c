"""`make check` fails on a known vulnerability, and says how much was looked at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[2] / ".ci" / "audit.py"
SOUND = {"name": "sound", "version": "1", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found: unknown (1)"}
WEAK = {
    "name": "weak",
    "version": "2",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}, {"id": "PYSEC-2", "fix_versions": []}],
}


@pytest.mark.parametrize(
    ("answer", "says", "code"),
    [
        (json.dumps({"dependencies": [SOUND, SOUND]}), "2 of 2 pinned packages audited.\n", 0),
        (
            json.dumps({"dependencies": [SOUND, UNKNOWN]}),
            "1 of 2 pinned packages audited. Dependency not found: unknown (1)\n",
            0,
        ),
        (
            json.dumps({"dependencies": [SOUND, WEAK]}),
            "2 of 2 pinned packages audited.\n"
            "weak 2: PYSEC-1, mended in 3\n"
            "weak 2: PYSEC-2, mended in no version yet\n",
            1,
        ),
        ("", "Not audited: PyPI gives no answer. ConnectionError: no route\n", 0),
    ],
)
def test_what_pip_audit_answers(answer: str, says: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "pip_audit.py").write_text(
        f"import sys\nprint({answer!r})\nsys.exit('ConnectionError: no route')\n"
    )
    done = subprocess.run(
        [sys.executable, AUDIT],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert (done.stdout + done.stderr, done.returncode) == (says, code)
