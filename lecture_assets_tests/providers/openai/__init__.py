"""The adapter of OpenAI."""
