"""The adapter of Replicate."""
