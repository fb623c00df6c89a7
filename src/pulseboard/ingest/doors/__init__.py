"""One file per door. A door turns bytes into canonical events and names what it refuses; it does nothing else."""
