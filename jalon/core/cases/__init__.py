"""Practice cases: a story whose choices a protocol judges."""
