"""The trail as the auditor reads it. The gate lets nobody else in (UrlClass.AUDITOR)."""

import json

import django_filters
from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from menhu.audit.models import Event
from menhu.audit.verbs import name_of, named_verbs
from menhu.core.listing import DESK, OfficeIndexView


def object_types() -> list[tuple[str, str]]:
    """What an event may be about: every model of the platform by its Chinese name."""
    ours = (model._meta for model in apps.get_models() if model.__module__.startswith("menhu."))
    return sorted(((meta.label_lower, str(meta.verbose_name)) for meta in ours), key=lambda pair: pair[1])


class EventFilterSet(WagtailFilterSet):
    """Each filter is served by an index together with the order; an object's number needs its type."""

    actor_name = django_filters.CharFilter(label=_("操作人（全名）"))
    verb = django_filters.ChoiceFilter(label=_("动作"), choices=named_verbs)
    object_type = django_filters.ChoiceFilter(label=_("对象类型"), choices=object_types)
    object_id = django_filters.CharFilter(label=_("对象编号（同时选类型）"), method="of_object")
    at = django_filters.DateFromToRangeFilter(label=_("日期"), widget=DateRangePickerWidget)

    class Meta:
        model = Event
        fields = ("actor_name", "verb", "object_type", "object_id", "at")

    def of_object(self, events: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        return events.filter(object_id=value) if self.data.get("object_type") else events


class EventListView(OfficeIndexView):
    """Newest first, 50 a page, never counted to the end."""

    model = Event
    page_title = _("操作记录")
    header_icon = "history"
    index_url_name = "audit:list"
    index_results_url_name = "audit:list_results"
    any_permission_required = None
    filterset_class = EventFilterSet
    default_ordering = ("-at", "-id")

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        return [
            DateColumn("at", label=_("时间"), width="14%"),
            TitleColumn("verb", label=_("动作"), accessor=lambda event: name_of(event.verb), get_url=self.event_url),
            Column("object_label", label=_("对象")),
            Column("actor_name", label=_("操作人")),
            Column("actor_post", label=_("岗位")),
            Column("address", label=_("网络地址")),
        ]

    def event_url(self, event: Event) -> str:
        return reverse("audit:event", args=(event.pk,))


def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event with all that was kept of it and its place in the chain."""
    found = get_object_or_404(Event.objects.select_related("seal"), pk=pk)
    context = {
        "event": found,
        "name": name_of(found.verb),
        "data": json.dumps(found.data, ensure_ascii=False, indent=2, sort_keys=True),
        "breadcrumbs_items": [
            DESK,
            {"url": reverse("audit:list"), "label": _("操作记录")},
            {"url": "", "label": f"{found.pk}"},
        ],
    }
    return render(request, "audit/event.html", context)
