"""The board and the page of a project, for everybody."""
