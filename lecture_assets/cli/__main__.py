"""`python -m lecture_assets.cli`: the console script `lectures` when it is not on PATH."""

from lecture_assets.cli.entry import main

main()
