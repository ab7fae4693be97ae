"""Webhooks: tell an issuer's own programs what happened, by the Standard Webhooks specification.

`kinds` says what is told, `signing` how it is signed, `sealing` how secrets are kept, `messages` what
happened, `delivery` how it is sent; `service` is the door to all of it.
"""
