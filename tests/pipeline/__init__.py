"""The build as a whole: fixtures, determinism, exports."""
