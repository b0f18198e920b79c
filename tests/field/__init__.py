"""Exports as real programs write them."""
