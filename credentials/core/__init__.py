"""The pure core: bytes in, frozen types out, or one of `credentials.core.errors`. No I/O, no clock, no environment."""
