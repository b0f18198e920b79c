"""Tests of signals, faults and PostgreSQL, over and over, while other processes burn every core.

``python -m tests.soak ROUNDS``: stops at the first round that fails, with its exit code.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

TESTS = ("tests/test_stop.py", "tests/faults", "tests/postgres")
_BURN = "while True: pass"


def main(rounds: int) -> int:
    """Run the rounds; returns the exit code of the first that fails, else 0."""
    pytest = [sys.executable, "-m", "pytest", "-n", "auto", "-p", "no:cacheprovider", *TESTS]
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
