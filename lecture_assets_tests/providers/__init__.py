"""Tests of `lecture_assets.providers`."""
