"""Issue from a list: read a CSV file as people make them, name what is wrong row by row, issue the rest.

`plan` looks at the file as a whole, `read` gives a verdict on every row, `run` issues the good ones.
"""
