"""Tests of what is published to Dagster, against real instances."""
