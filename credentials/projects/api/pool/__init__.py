"""Who worked for a company before, over HTTP."""
