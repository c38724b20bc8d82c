"""The block of a home page that says how letters are answered, and lets one be written."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.core.frames import Link
from menhu.delivery.sources import reads
from menhu.letters import tags
from menhu.letters.actions.counting import PORTAL
from menhu.letters.contexts import LettersBlock
from menhu.letters.models import Figures, PublicCopy
from menhu.letters.public.addresses import HOME, portal
from menhu.letters.public.pages import WRITE, entries, figures_of
from menhu.sites.blocks import BlockForm, BlockKind, rendered
from menhu.sites.contexts import RenderedBlock
from menhu.sites.models import HomeBlock
from menhu.sites.public.addresses import seen_from

SHOWN: Final = 5
FIGURES: Final = 3


def draw(block: HomeBlock) -> RenderedBlock | None:
    """Three numbers, the newest public letters and the button; of its own unit on a unit's site."""
    site = portal()
    if site is None:
        return None
    reads(tags.newest(), tags.figures())
    is_portal = block.site_id == site.pk
    rows = PublicCopy.objects.published().newest_first().select_related("unit")
    rows = rows if is_portal else rows.filter(unit_id=block.site.unit_id)
    numbers = Figures.objects.filter(key=PORTAL).values_list("numbers", flat=True).first() or {}
    context = LettersBlock(
        title=block.title or _("听民声"),
        more=Link(label=_("全部来信"), url=seen_from(block.site, site, HOME)),
        figures=figures_of(numbers)[:FIGURES] if is_portal else (),
        entries=entries(rows[:SHOWN], prefix=seen_from(block.site, site, "")),
        write_url=seen_from(block.site, site, WRITE),
    )
    return rendered(block, "letters/blocks/letters.html", context)


KIND: Final = BlockKind(
    name="letters",
    label=gettext_lazy("来信与答复"),
    form=BlockForm,
    draw=draw,
    hint=gettext_lazy("来信数、答复数、用时和最新公开的来信，附“写一封信”。"),
    width="half",
    is_single=True,
)
