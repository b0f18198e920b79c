"""The build on a Spark Connect engine: the same bytes, and what is said when it fails."""
