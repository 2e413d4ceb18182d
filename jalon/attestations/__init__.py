"""The "Preuve et attestation de développement professionnel", page and paper, and the checking of files."""
