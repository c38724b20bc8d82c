"""What core itself answers: the challenge of forms that need no account."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from menhu.core.addresses import network_of
from menhu.core.limits import within
from menhu.core.proof import CHALLENGES, challenge, question

_WAIT_SECONDS = 60


@require_GET
def proof_challenge(request: HttpRequest) -> HttpResponse:
    """A challenge and a question as JSON, never cached; 429 for a network address that asks too often."""
    now = timezone.now()
    if not within(CHALLENGES, network_of(request), now=now):
        refused = {"Cache-Control": "no-store", "Retry-After": str(_WAIT_SECONDS)}
        return JsonResponse({}, status=429, headers=refused)
    given = {**challenge(now), "question": asdict(question(now))}
    return JsonResponse(given, headers={"Cache-Control": "no-store"})
