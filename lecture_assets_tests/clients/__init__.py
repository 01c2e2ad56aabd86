"""Clients of the API: those that are generated into docs/clients, and drivers that others wrote."""
