"""Exports as real tools and people write them: a folder a case."""
