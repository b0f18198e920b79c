"""Rules that an inbox must hold."""
