"""What the tool must not do: run what it reads, read what is not given, show what is private."""
