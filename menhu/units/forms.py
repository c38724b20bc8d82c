"""Forms whose choices reach only as far as the person's scope."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import BaseChooser
from wagtail.permissions import policy_registry

from menhu.accounts.models import User
from menhu.units.models import Unit
from menhu.units.policies import ALL_ROLES, Scope, ScopedPolicy, scope_of

Lookups = Mapping[str, str | None]


def narrow_choices(form: forms.BaseForm, scope: Scope, lookups: Lookups) -> None:
    """Narrow every choice of rows in the form to the scope.

    `lookups` maps a field to the ORM path from the chosen row to its unit's id, or to None where rows of all units may
    be chosen; for other fields the path is that of the chosen model's ScopedPolicy. What the row already holds stays.
    """
    for name, field in form.fields.items():
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        model = field.queryset.model
        lookup = lookups[name] if name in lookups else unit_lookup_of(model)
        if lookup is not None:
            kept = Q(pk__in=_pks(form.get_initial_for_field(field, name)))
            field.queryset = field.queryset.filter(scope.condition(lookup) | kept)


def unit_lookup_of(model: type[Model]) -> str | None:
    """The path from a model's row to its unit's id; None for a model that belongs to no unit."""
    if model is Unit:
        return "pk"
    policy = policy_registry.get_by_type(model, fallback=False)
    return policy.unit_lookup if isinstance(policy, ScopedPolicy) else None


def _pks(value: Any) -> list[Any]:
    values = value if isinstance(value, list | tuple) else [value]
    return [getattr(item, "pk", item) for item in values if item not in (None, "")]


class ScopedFormMixin:
    """Before a Wagtail model form: choices in scope, and the saved row must stay within it.

    Inline forms are narrowed by the scope of the form they belong to.
    """

    scoped_choices: ClassVar[Lookups] = {}
    for_user: User | AnonymousUser | None
    fields: dict[str, forms.Field]
    formsets: dict[str, forms.BaseFormSet[Any]]
    instance: Model

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = policy_registry.get_by_type(type(self.instance), fallback=False)
        self.policy = policy if isinstance(policy, ScopedPolicy) else None
        self.unit_before = self.policy.unit_id_of(self.instance) if self.policy and self.instance.pk else None
        scope = self.choice_scope()
        narrow_choices(self, scope, self.scoped_choices)  # type: ignore[arg-type]
        for formset in self.formsets.values():
            _narrow_formset(formset, scope, self.scoped_choices)

    def choice_scope(self) -> Scope:
        """The units in which this person may add or change such rows; nothing without a person."""
        roles = self.policy.roles_for(["change" if self.instance.pk else "add"]) if self.policy else ALL_ROLES
        return scope_of(self.for_user or AnonymousUser(), roles)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        self._hide_refused_choices()

    def _hide_refused_choices(self) -> None:
        """A chooser shows the title of whatever was posted; of a row out of scope it must not."""
        for name, field in self.fields.items():
            if isinstance(field.widget, BaseChooser) and name in self.errors:  # type: ignore[attr-defined]
                self.data = self.data.copy()  # type: ignore[has-type]
                self.data[self.add_prefix(name)] = ""  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.policy is None or self.errors:  # type: ignore[attr-defined]
            return
        action = "change" if self.instance.pk else "add"
        is_same_unit = self.instance.pk and self.policy.unit_id_of(self.instance) == self.unit_before
        if not is_same_unit and not self._may(action):
            self.add_error(None, _("您的岗位不能在这个单位办理。"))  # type: ignore[attr-defined]

    def _may(self, action: str) -> bool:
        user = self.for_user or AnonymousUser()
        return self.policy is not None and self.policy.user_has_permission_for_instance(user, action, self.instance)


def _narrow_formset(formset: forms.BaseFormSet[Any], scope: Scope, lookups: Lookups) -> None:
    """Each form of the set, the empty one included, passes `add_fields` when it is made."""
    add_fields = formset.add_fields

    def add_fields_and_narrow(form: forms.BaseForm, index: int | None) -> None:
        add_fields(form, index)
        narrow_choices(form, scope, lookups)

    formset.add_fields = add_fields_and_narrow  # type: ignore[method-assign]


class ScopedModelForm(ScopedFormMixin, WagtailAdminModelForm):  # type: ignore[misc]
    """The base of hand-written back-office forms; `ScopedViewSet` gives it to generated ones."""
