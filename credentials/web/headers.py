"""The headers every answer carries. Strict by default: a page may load its own style, pictures and scripts, no more."""

from __future__ import annotations

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS_POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
EVERYWHERE: tuple[tuple[str, str], ...] = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", PERMISSIONS_POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
SAME_ORIGIN = (("Cross-Origin-Resource-Policy", "same-origin"),)
ANY_ORIGIN = (
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "X-Request-ID, Retry-After"),
)
# One year, the least that browsers' preload lists accept; subdomains are the operator's own business.
STRICT_TRANSPORT = (("Strict-Transport-Security", "max-age=31536000"),)
NOT_STORED = (("Cache-Control", "no-store"),)


def security_headers(*, open_to_origins: bool, https: bool) -> tuple[tuple[str, str], ...]:
    """The headers of one answer: whether other origins may read it, whether it travels over TLS."""
    return EVERYWHERE + (ANY_ORIGIN if open_to_origins else SAME_ORIGIN) + (STRICT_TRANSPORT if https else ())
