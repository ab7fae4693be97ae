"""Work that is done beside the requests: one task library, embedded or over Redis; the truth is in the tables."""
