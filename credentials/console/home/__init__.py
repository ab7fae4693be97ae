"""A company’s first page, and the way to have one."""
