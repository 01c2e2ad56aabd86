"""Tests of `lecture_assets.intake`."""
