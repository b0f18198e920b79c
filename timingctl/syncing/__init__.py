"""Bringing an inbox up to date: what has changed is read again, and replaces what the file had."""
