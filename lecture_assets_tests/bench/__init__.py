"""Speed and memory, measured as ratios within one run: `python -m lecture_assets_tests.bench [NAME…]`. Asserts nothing."""
