"""Mirrors the package, path for path; `scenarios/` holds the promise, `bench/` the benchmarks."""
