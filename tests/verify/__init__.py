"""Determinism as a check: that it passes where it should, and fails where it must."""
