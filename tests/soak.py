"""Tests in which something else happens meanwhile, over and over, while every core burns.

``python -m tests.soak ROUNDS``: stops at the first round that fails, with its exit code. A round
has the tests that are marked `races`, in which a signal, another run or another session of the
server comes at an instant that nobody chose. What the others do is the same in every round.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Where there are such tests: looking for them everywhere takes as long as some of them.
TESTS = (
    "tests/test_stop.py",
    "tests/faults",
    "tests/postgres",
    "tests/cli/test_build.py",
    "tests/api/test_process.py",
    "tests/pipeline/test_generate_faults.py",
    "tests/syncing",
)
#: Until who began it is gone.
_BURN = "import os\nbegun_by = os.getppid()\nwhile os.getppid() == begun_by: pass"


def main(rounds: int) -> int:
    """Run the rounds; returns the exit code of the first that fails, else 0."""
    chosen = ["-m", "races", "-n", "auto", "--dist", "worksteal", "-p", "no:cacheprovider"]
    pytest = [sys.executable, "-m", "pytest", *chosen, *TESTS]
    burning = [subprocess.Popen([sys.executable, "-c", _BURN]) for _ in range(os.cpu_count() or 1)]
    try:
        for number in range(1, rounds + 1):
            begun = time.monotonic()
            code = subprocess.run(pytest, check=False).returncode
            print(f"round {number} of {rounds}: exit {code}, {time.monotonic() - begun:.0f} s")
            if code:
                return code
    finally:
        for process in burning:
            process.kill()
            process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
