"""Credentials: awards, the signed documents that state them, status lists, keys, and the public pages of a badge."""
