"""timingctl: response timing events from the exports of a sales inbox."""

__version__ = "0.1.0"
