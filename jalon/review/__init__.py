"""Review: the queue, the claim on a request, advice, and the decision."""
