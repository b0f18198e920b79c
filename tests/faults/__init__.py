"""What is left when a run is killed, a disk is full, or an input changes under it."""
