"""Selective Disclosure for JWTs (RFC 9901): what is signed holds digests; the holder sends the values they stand for.

`disclosure` one salted value, `serialised` the text with its tildes, `unveiling` from digests back to values,
`concealing` from values to digests, `key_binding` the holder's own signature, `presenting` the holder's choice.
"""
