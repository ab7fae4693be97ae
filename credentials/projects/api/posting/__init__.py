"""Projects for programs: written, put on the board, taken off it."""
