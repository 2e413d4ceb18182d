"""The register of hours: minutes, their kind, and what proves them."""
