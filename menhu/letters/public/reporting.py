"""The link by which an error on a page is reported."""

from menhu.delivery.sources import reads
from menhu.letters import tags
from menhu.letters.enums import MailboxKind
from menhu.letters.models import Mailbox
from menhu.letters.public.addresses import REPORT, is_portal, portal
from menhu.sites.models import Site
from menhu.sites.public.addresses import seen_from


def report_url(site: Site) -> str | None:
    """Where errors are reported, as seen from a site; None while no box takes them."""
    reads(tags.mailboxes())
    here = site if is_portal(site) else portal()
    is_taken = here is not None and Mailbox.objects.open().filter(kind=MailboxKind.ERROR).exists()
    return seen_from(site, here, REPORT) if here is not None and is_taken else None
