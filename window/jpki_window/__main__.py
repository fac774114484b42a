"""``python -m jpki_window``."""

from __future__ import annotations

import sys

from jpki_window.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
