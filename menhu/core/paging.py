"""Pages of a list whose size nobody has to count to the end."""

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator

COUNTED = 5_000


class BoundedPaginator(WagtailPaginator):
    """Counts and leafs through the first 5,000 rows only, so that a page's cost does not grow with the archive."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet) and not rows.query.is_sliced:
            return rows.order_by()[:COUNTED].count()
        return super().count

    @cached_property
    def items_count_label(self) -> str:
        if self.count >= COUNTED:
            return _("只列出前 %(count)d 条，请用筛选缩小范围") % {"count": COUNTED}
        return _("共 %(count)d 条") % {"count": self.count}
