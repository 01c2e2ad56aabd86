"""The video and the export folder."""
