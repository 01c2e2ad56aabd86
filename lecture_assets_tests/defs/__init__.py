"""Tests of the Dagster layer, against real instances and real processes."""
