"""The journal: what was done, by whom, when, about what. Append-only, and never a personal word in it."""
