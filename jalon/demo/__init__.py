"""The demonstration: fictional people and places, and the whole story played by the verbs that the pages call."""
