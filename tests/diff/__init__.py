"""Comparing events, and the reasons that are given for differences."""
