"""Lists of work to issue, over HTTP."""
