"""Two revisions of a platform -> what the step between them does, and the pages that say it."""
