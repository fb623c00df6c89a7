"""What the writer finds out about an event beside what its sender said, and what it keeps out of the store."""
