"""What `deploy/` says is what the programs that read it accept, and what `lecture_assets_tests/servers/compose.py` can start."""
