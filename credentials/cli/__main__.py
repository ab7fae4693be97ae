"""`python -m credentials.cli` is the `credentials` command."""

from credentials.cli.main import main

main()
