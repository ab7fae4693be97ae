"""The `credentials` command, also as `python -m credentials.cli`.

Importing takes a moment in which somebody may press Ctrl-C: that ends it as it does later, without a traceback.
"""

import sys

try:
    from credentials.cli.main import main
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    main()
