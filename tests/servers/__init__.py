"""Real servers for tests: each on free loopback ports, in a folder of its own, and gone at the end."""
