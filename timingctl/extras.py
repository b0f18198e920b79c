"""What not everybody needs is installed by an extra; without it, one sentence says how."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from timingctl.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def extra(name: str, feature: str) -> Iterator[None]:
    """Around the imports that `feature` needs and the extra `name` installs.

    Raises SettingsError, with the command to run, when one of them is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"{feature} needs the package {error.name}, which is not installed; "
            f"run: pip install 'timingctl[{name}]'"
        ) from error
