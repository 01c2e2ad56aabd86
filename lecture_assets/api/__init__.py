"""What other programs use: an MCP server for assistants."""
