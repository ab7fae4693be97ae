"""What holders say is wrong, over HTTP."""
