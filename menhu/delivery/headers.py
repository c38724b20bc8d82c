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
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", settings.X_FRAME_OPTIONS),
        ("referrer-policy", settings.SECURE_REFERRER_POLICY),
        ("cross-origin-opener-policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("content-security-policy", build_policy()),
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return headers
