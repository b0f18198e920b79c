"""Known vulnerabilities of the pinned packages: what `make check` runs; prints a line, exits 1.

pip-audit asks PyPI. Where PyPI cannot be asked nothing is known, and that is said, not failed on:
a machine without a network can still check everything else.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PINS = Path(__file__).parent / "constraints.txt"


def main() -> int:
    """Audit, say what was found, and return the exit code."""
    audit = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "pip_audit", "--requirement", PINS, "--no-deps"),
            *("--disable-pip", "--format", "json", "--progress-spinner", "off"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages = json.loads(audit.stdout)["dependencies"]
    except ValueError:
        last = audit.stderr.strip().splitlines()[-1:]
        print(f"Not audited: PyPI gives no answer. {''.join(last)[:200]}", file=sys.stderr)
        return 0
    audited = [package for package in packages if "skip_reason" not in package]
    reasons = sorted({package["skip_reason"] for package in packages if package not in audited})
    print(f"{len(audited)} of {len(packages)} pinned packages audited.", *reasons[:1])
    found = [
        f"{package['name']} {package['version']}: {vulnerability['id']}, mended in "
        f"{', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in audited
        for vulnerability in package["vulns"]
    ]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
