"""timingctl: response timing events from the exports of a sales inbox."""

from importlib.metadata import version

__version__ = version("timingctl")
