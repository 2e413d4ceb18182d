"""Response protocols: read, checked, asked what to do (`plan`) and what an action was worth (`evaluate`)."""
