"""The only base class of back-office viewsets: every view of every model is scoped by the person's posts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.contrib.admin.utils import quote
from django.db.models import Model, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.ui.tables import Table
from wagtail.admin.views.generic import IndexView, IndexViewOptionalFeaturesMixin
from wagtail.log_actions import log
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView, SnippetViewSet

from menhu.accounts.requests import StaffRequest
from menhu.core.office import UrlClass, allow
from menhu.core.paging import BoundedPaginator
from menhu.units.actions import remove_leader, save_leader
from menhu.units.forms import ScopedFormMixin
from menhu.units.models import Leader
from menhu.units.scoping import scoped

# The action that a view of one row needs; a view not named here needs "change".
ACTION_OF_VIEW = {
    "DeleteView": "delete",
    "UnpublishView": "publish",
    "RevisionsUnscheduleView": "publish",
    "LockView": "lock",
    "UnlockView": "unlock",
    "HistoryView": "view",
    "UsageView": "view",
    "InspectView": "view",
    "RevisionsCompareView": "view",
    "PreviewRevisionView": "view",
    "WorkflowActionView": "view",
    "CollectWorkflowActionDataView": "view",
    "WorkflowPreviewView": "view",
    "WorkflowHistoryView": "view",
    "WorkflowHistoryDetailView": "view",
}
# Views that a reviewer may open for the row that waits for them, although only the unit may change it.
EDITORS = ("EditView", "PreviewOnEditView")
LIST_ACTIONS = ("view", "change")


def rows_in_scope(request: HttpRequest, model: type[Model], actions: Iterable[str]) -> QuerySet[Any]:
    """What the person may reach, by the policy of the model."""
    policy = policy_registry.get_by_type(model)
    rows: QuerySet[Any] = policy.instances_user_has_any_permission_for(request.user, tuple(actions))
    return rows


class ScopedIndexView(IndexViewOptionalFeaturesMixin, IndexView):
    """A list paged without counting the archive, sortable only where `sortable` names an indexed key, its links shown
    by the right on each row. No bulk actions: Wagtail's act on rows by id, whatever their unit.
    """

    view_name = "list"
    paginator_class = BoundedPaginator
    sortable: Sequence[str] = ()
    queryset: Any
    edit_url_name: Any
    delete_url_name: Any

    def get_base_queryset(self) -> QuerySet[Any]:
        self.queryset = self.queryset(self.request) if callable(self.queryset) else self.queryset
        rows: QuerySet[Any] = super().get_base_queryset()
        return rows

    def get_valid_orderings(self) -> list[str]:
        found: list[str] = super().get_valid_orderings()
        return [key for key in found if key.removeprefix("-") in self.sortable]

    def get_table(self, object_list: Any) -> Table:
        for column in self.columns:
            column.sort_key = column.sort_key if column.sort_key in self.sortable else None
        table: Table = super().get_table(object_list)
        return table

    def get_edit_url(self, instance: Model) -> str | None:
        return self._url_where_may("change", self.edit_url_name, instance)

    def get_delete_url(self, instance: Model) -> str | None:
        return self._url_where_may("delete", self.delete_url_name, instance)

    def _url_where_may(self, action: str, url_name: str | None, instance: Model) -> str | None:
        may = url_name and self.user_has_permission_for_instance(action, instance)
        return reverse(url_name, args=(quote(instance.pk),)) if url_name and may else None


class ScopedViewSet(SnippetViewSet):
    """A snippet viewset whose every view is authorised for the row before it runs, and whose lists show only rows in
    scope. Its addresses put themselves on the gate's allow-list: those of one row as OBJECT, others as OWN.
    """

    model: Any
    #: Set to WEBMASTER (or AUDITOR) where nobody else has any business here.
    url_class: ClassVar[UrlClass | None] = None
    #: Form field → path from the chosen row to its unit's id; None lets rows of all units be chosen.
    scoped_choices: ClassVar[dict[str, str | None]] = {}
    list_actions: ClassVar[tuple[str, ...]] = LIST_ACTIONS
    #: Sort keys offered in the list; only where an index serves them.
    sortable: ClassVar[tuple[str, ...]] = ()
    copy_view_enabled = False
    sort_order_field = None  # Wagtail's reordering moves a row among the rows of all units
    index_view_class: Any = ScopedIndexView

    def construct_view(self, view_class: type[View], **kwargs: Any) -> Callable[..., HttpResponseBase]:
        view = super().construct_view(view_class, **kwargs)
        names = [base.__name__ for base in view_class.__mro__]
        is_editor = any(name in EDITORS for name in names)
        return scoped(view, self.model, self.action_of(view_class), opens_for_reviewers=is_editor)

    def action_of(self, view_class: type[View]) -> str:
        names = [base.__name__ for base in view_class.__mro__]
        return next((ACTION_OF_VIEW[name] for name in names if name in ACTION_OF_VIEW), "change")

    def get_form_class(self, for_update: bool = False) -> type[BaseModelForm[Any]]:
        form_class: type[BaseModelForm[Any]] = super().get_form_class(for_update)
        if issubclass(form_class, ScopedFormMixin):
            return form_class
        return type(form_class.__name__, (ScopedFormMixin, form_class), {"scoped_choices": self.scoped_choices})

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        merged: dict[str, Any] = super().get_index_view_kwargs(**{"sortable": self.sortable, **kwargs})
        return merged

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return rows_in_scope(request, self.model, self.list_actions)

    def get_urlpatterns(self) -> list[URLPattern]:
        return _allowed(self, super().get_urlpatterns(), self.url_class)

    def get_index_template(self) -> list[str]:
        own: list[str] = super().get_index_template()
        return [*own[:-1], "wagtailadmin/generic/index.html"]  # the last is Wagtail's, with its bulk actions

    def register_chooser_viewset(self) -> None:
        """None: Wagtail's dialogs offer all rows; our forms narrow their choices (menhu.units.forms)."""

    @property
    def breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [{"url": reverse_lazy("wagtailadmin_home"), "label": _("工作台")}]


def _allowed(viewset: Any, patterns: list[URLPattern], url_class: UrlClass | None = None) -> list[URLPattern]:
    for pattern in patterns:
        default = (
            UrlClass.OBJECT if "pk" in pattern.pattern.converters or "pk" in str(pattern.pattern) else UrlClass.OWN
        )
        allow(url_class or default, viewset.get_url_name(pattern.name))
    return patterns


class LeaderAddView(CreateView):
    """Saving goes through the action, which tells the public pages."""

    request: StaffRequest

    def save_instance(self) -> Leader:
        leader = save_leader(leader=self.form.instance, by=self.request.user)
        log(leader, "wagtail.create")  # what Wagtail's history page shows
        return leader


class LeaderEditView(EditView):
    request: StaffRequest

    def save_instance(self) -> Leader:
        leader = save_leader(leader=self.form.instance, by=self.request.user)
        log(leader, "wagtail.edit")
        return leader


class LeaderDeleteView(DeleteView):
    request: StaffRequest

    def delete_action(self) -> None:
        remove_leader(leader=self.object, by=self.request.user)


class LeaderViewSet(ScopedViewSet):
    """Leaders and what they answer for, kept current by the unit itself (S3, S28)."""

    model = Leader
    icon = "group"
    url_prefix = "leaders"
    url_namespace = "leaders"
    list_display = ("name", "title", "unit", "position", "is_public")
    ordering = ("unit_id", "position", "pk")
    list_per_page = 50
    form_fields = ("unit", "name", "title", "duties", "position", "is_public")
    add_to_reference_index = False
    add_view_class = LeaderAddView
    edit_view_class = LeaderEditView
    delete_view_class = LeaderDeleteView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("unit")
