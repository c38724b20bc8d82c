from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.delivery.outbox import announce
from menhu.sites import tags
from menhu.sites.actions.changes import set_fields
from menhu.sites.actions.checking import demand
from menhu.sites.models import HomeBlock, Site
from menhu.sites.policies import may_arrange


@transaction.atomic
def add_block(
    *, site: Site, by: User | None, kind: str, title: str = "", settings: dict[str, Any] | None = None
) -> HomeBlock:
    """Put a block at the end of a site's home page."""
    demand(by is None or may_arrange(by, site))
    last: int | None = HomeBlock.objects.filter(site=site).aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    block = HomeBlock(site=site, kind=kind, title=title, settings=settings or {}, position=position)
    block.full_clean()
    block.save()
    _arranged("sites.add_block", block, by, {"kind": kind})
    return block


@transaction.atomic
def change_block(*, block: HomeBlock, by: User | None, **fields: Any) -> HomeBlock:
    """Change title, settings or visibility of a block (`title`, `settings`, `is_shown`)."""
    demand(by is None or may_arrange(by, block.site))
    if foreign := set(fields) - {"title", "settings", "is_shown"}:
        raise ValueError(f"not changeable: {sorted(foreign)}")
    differences = set_fields(block, fields)
    if differences:
        block.full_clean()
        block.save(update_fields=sorted(differences))
        _arranged("sites.change_block", block, by, {"changes": differences})
    return block


@transaction.atomic
def move_block(*, block: HomeBlock, by: User | None, up: bool) -> bool:
    """Change places with the block before or after; False at the end of the row."""
    demand(by is None or may_arrange(by, block.site))
    blocks = list(HomeBlock.objects.filter(site=block.site_id).order_by("position", "pk"))
    here = next(index for index, other in enumerate(blocks) if other.pk == block.pk)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(blocks):
        return False
    blocks[here], blocks[there] = blocks[there], blocks[here]
    for position, other in enumerate(blocks):
        other.position = position
    HomeBlock.objects.bulk_update(blocks, ["position"])
    _arranged("sites.move_block", block, by, {"position": there})
    return True


@transaction.atomic
def remove_block(*, block: HomeBlock, by: User | None) -> None:
    """Take a block off the home page; one that was removed meanwhile is an error with words."""
    demand(by is None or may_arrange(by, block.site))
    if not HomeBlock.objects.filter(pk=block.pk).exists():
        raise ValidationError(_("这个版块已经被删除。"))
    _arranged("sites.remove_block", block, by, {"kind": block.kind, "settings": block.settings})
    block.delete()


def _arranged(verb: str, block: HomeBlock, by: User | None, data: dict[str, Any]) -> None:
    record(verb, block, by=by, unit_id=block.site.unit_id, data=data)
    announce([tags.home(block.site_id)])
