from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menhu.audit.models import Event
from menhu.audit.querysets import EventQuerySet
from menhu.audit.verbs import named_verbs
from menhu.core.office_forms import OfficeFormMixin

Choices = Sequence[tuple[str, Any]]


def verb_choices() -> Choices:
    return [("", _("全部")), *named_verbs()]


def type_choices() -> Choices:
    """What an event may be about: every model of the platform by its Chinese name."""
    ours = (model._meta for model in apps.get_models() if model.__module__.startswith("menhu."))
    named = sorted(((meta.label_lower, str(meta.verbose_name)) for meta in ours), key=lambda pair: pair[1])
    return [("", _("全部")), *named]


class EventFilterForm(OfficeFormMixin, forms.Form):
    """Each filter is served by an index together with the order; an object's number needs its type."""

    actor = forms.CharField(label=_("操作人（全名）"), max_length=80, required=False)
    verb = forms.ChoiceField(label=_("动作"), choices=verb_choices, required=False)
    object_type = forms.ChoiceField(label=_("对象类型"), choices=type_choices, required=False)
    object_id = forms.CharField(label=_("对象编号"), max_length=64, required=False)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("object_id") and not cleaned.get("object_type"):
            self.add_error("object_type", _("按编号查，请同时选对象类型。"))
        return cleaned

    def chosen(self) -> EventQuerySet:
        """The events that the filters leave, newest first; none while a filter is wrong."""
        if not self.is_valid():
            return Event.objects.none()
        wanted = self.cleaned_data
        exact = {"actor_name": "actor", "verb": "verb", "object_type": "object_type", "object_id": "object_id"}
        events = Event.objects.filter(**{field: wanted[name] for field, name in exact.items() if wanted[name]})
        if wanted["since"]:
            events = events.filter(at__gte=_midnight(wanted["since"]))
        if wanted["until"]:
            events = events.filter(at__lt=_midnight(wanted["until"] + timedelta(days=1)))
        return events.newest_first()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
