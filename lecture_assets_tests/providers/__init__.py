"""The vendors."""
