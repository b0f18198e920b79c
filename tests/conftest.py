"""How hard Hypothesis tries, and where the tests' files are.

`--hypothesis-profile long` is for hours, `fast` for the inner loop; `mutants` tries the same few
examples every time and does not look for the simplest that fails. A test that is dear for another
reason than its examples asks `thorough`, too, how much of what it could try it is to try.

Tests that are marked `wide` are for `make test-wide`: see CONTRIBUTING.md.

Files are in memory where there is room, unless TMPDIR says otherwise: on some disks it takes 10 ms
to remove one, and the tests make some hundred thousand.
"""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

_MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there has names that nobody can foretell
_ROOM = 4 << 30

if (
    "TMPDIR" not in os.environ
    and os.access(_MEMORY, os.W_OK)
    and shutil.disk_usage(_MEMORY).free > _ROOM
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "usual", max_examples=40, deadline=None, suppress_health_check=_SLOW, print_blob=True
)
settings.register_profile("fast", settings.get_profile("usual"), max_examples=5)
settings.register_profile("long", settings.get_profile("usual"), max_examples=10_000)
settings.register_profile(
    "mutants",
    settings.get_profile("usual"),
    max_examples=40,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
)
settings.load_profile("usual")


def pytest_xdist_auto_num_workers() -> int:
    """Three for two cores: a tenth of the time a test waits, for a server, a disk or another."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`wide(but=N)` does not hold for the first N cases of a test."""
    seen = Counter[str]()
    for item in items:
        for mark in item.iter_markers("wide"):
            test = item.nodeid.partition("[")[0]
            seen[test] += 1
            if seen[test] <= mark.kwargs.get("but", 0):
                item.own_markers.remove(mark)


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether there are hours for what takes long: all pairs, and not each with some of the other.

    Otherwise every member is tried, but not with every member of the other kind.
    """
    return bool(request.config.getoption("--hypothesis-profile") == "long")


@pytest.fixture
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify builds in two ways, as given and from NDJSON, where the others are not at stake."""
    from timingctl.verify import matrix

    few = [run for run in matrix.MATRIX if run.name in {"as given", "NDJSON"}]
    monkeypatch.setattr(matrix, "MATRIX", few)
