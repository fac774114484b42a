"""``python -m jpki_cli``."""

from jpki_cli.main import main

main()
