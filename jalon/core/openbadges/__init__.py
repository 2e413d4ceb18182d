"""Open Badges 3.0 without a framework: documents, proofs, status lists, baked images, verification.

Nothing here reads a clock, a file or the network. Contexts, keys, DID documents and status lists are passed
in.
"""
