"""Explanations: what is told of a message, and that it is the build's own."""
