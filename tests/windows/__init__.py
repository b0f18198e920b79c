"""Recovering the delay windows that were in force."""
