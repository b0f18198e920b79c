"""Mutation testing of the heart: every small change to it must fail a test, or be explained."""
