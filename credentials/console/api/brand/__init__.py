"""The company's colour and logo, over HTTP."""
