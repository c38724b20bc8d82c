"""Headers of public files: the same protection that Django's middlewares give to rendered pages."""

from typing import Final

from csp.utils import build_policy
from django.conf import settings

REVALIDATE: Final = "no-cache"
"""A page may be kept, but must be asked for again each time: a retraction holds at once."""
FOR_EVER: Final = "public, max-age=31536000, immutable"


def security_headers() -> list[tuple[str, str]]:
    """What every public answer carries."""
    headers = [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("Content-Security-Policy", build_policy()),
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return headers
