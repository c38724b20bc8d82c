"""What every list of the back office has in common."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Table
from wagtail.admin.views.generic import IndexView

from menhu.core.paging import BoundedPaginator

DESK = {"url": reverse_lazy("wagtailadmin_home"), "label": _("工作台")}


class OfficeIndexView(IndexView):
    """A list paged without counting the archive, sortable only where `sortable` names an indexed key, with the way
    back to the desk.
    """

    # Wagtail's own values are untyped placeholders; Any lets a list set what it needs.
    model: Any
    page_title: Any
    header_icon: Any
    queryset: Any
    index_url_name: Any
    index_results_url_name: Any
    add_url_name: Any
    edit_url_name: Any
    delete_url_name: Any
    any_permission_required: Any
    filterset_class: Any
    default_ordering: Any
    list_display: Any
    list_filter: Any
    search_fields: Any
    template_name: Any
    results_template_name: Any
    columns: Any
    breadcrumbs_items: Any = (DESK,)
    paginator_class: Any = BoundedPaginator
    paginate_by: Any = 50
    sortable: Sequence[str] = ()

    def get_valid_orderings(self) -> list[str]:
        found: list[str] = super().get_valid_orderings()
        return [key for key in found if key.removeprefix("-") in self.sortable]

    def get_table(self, object_list: Any) -> Table:
        for column in self.columns:
            column.sort_key = column.sort_key if column.sort_key in self.sortable else None
        table: Table = super().get_table(object_list)
        return table

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title or self.model._meta.verbose_name_plural}]
