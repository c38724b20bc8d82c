"""Forms whose choices reach only as far as the person's scope."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import BaseChooser
from wagtail.permissions import policy_registry

from menhu.accounts.models import User
from menhu.core.office_forms import ActionForm, OfficeFormMixin
from menhu.units.enums import Role
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
        if lookup == "pk" and len(scope.unit_ids) == 1:
            field.initial = next(iter(scope.unit_ids))  # whoever has one unit need not choose it


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


class UnitChoiceField(forms.ModelChoiceField[Unit]):
    """Units in the order of the tree, each set in by its depth."""

    def label_from_instance(self, unit: Unit) -> str:
        return "　" * unit.depth + unit.name


def _unit_field(label: Any, **options: Any) -> UnitChoiceField:
    return UnitChoiceField(Unit.objects.active().in_order(), label=label, **options)


def _day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class UnitForm(ActionForm):
    """All of a unit, for the webmaster."""

    parent = _unit_field(_("上级单位"), required=False, empty_label=_("没有上级（只有县一级）"))
    starts_on = _day_field(_("设立日期"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = Q(is_active=True) | Q(pk=self.instance.parent_id)
        self.fields["parent"].queryset = Unit.objects.filter(standing).in_order()  # type: ignore[attr-defined]

    class Meta:
        model = Unit
        fields = (
            "parent",
            "name",
            "short_name",
            "slug",
            "kind",
            "side",
            "address",
            "phone",
            "office_hours",
            "duties",
            "leader_in_charge",
            "editor_on_file",
            "team",
            "plan",
            "position",
            "starts_on",
        )


class FilingForm(ActionForm):
    """What a unit keeps current by itself (S28)."""

    class Meta:
        model = Unit
        fields = (
            "leader_in_charge",
            "editor_on_file",
            "team",
            "plan",
            "address",
            "phone",
            "office_hours",
            "duties",
        )


class EndForm(OfficeFormMixin, forms.Form):
    """The last day of a post or a unit, and why."""

    ends_on = _day_field(_("最后一天"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class PersonField(forms.CharField):
    """A person by the user name of their account, which must be in use."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=150, **{"help_text": _("填账号的用户名，可向网站管理员查询。"), **options})

    def clean(self, value: Any) -> User | None:
        username = super().clean(value)
        user = User.objects.filter(username=username, is_active=True).first() if username else None
        if username and user is None:
            raise forms.ValidationError(_("没有用户名为“%(username)s”的在用账号。") % {"username": username})
        return user


class AppointForm(OfficeFormMixin, forms.Form):
    """A person, a unit, a role and a term."""

    user = PersonField(label=_("人员"))
    unit = _unit_field(_("所在单位"))
    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    scope = _unit_field(
        _("管辖范围"),
        required=False,
        empty_label=_("所在单位及其下级"),
        help_text=_("审核员、管理员等管全县的，选县一级。"),
    )
    starts_on = _day_field(_("开始日期"))
    ends_on = _day_field(_("结束日期"), required=False, help_text=_("不填表示长期。"))


class DeputiseForm(OfficeFormMixin, forms.Form):
    """Who acts, and between which days."""

    deputy = PersonField(label=_("代理人"))
    starts_on = _day_field(_("开始日期"))
    ends_on = _day_field(_("结束日期"))


class PersonForm(ActionForm):
    """A new account."""

    class Meta:
        model = User
        fields = ("username", "name", "phone", "email")
        help_texts = {"username": _("字母、数字和 @ . + - _，如姓名拼音；以后不能改。")}


class PersonChangeForm(ActionForm):
    """Name and how to reach the person."""

    class Meta:
        model = User
        fields = ("name", "phone", "email")


class DisableForm(OfficeFormMixin, forms.Form):
    reason = forms.CharField(label=_("停用原因"), max_length=200)


class ImportForm(OfficeFormMixin, forms.Form):
    file = forms.FileField(
        label=_("表格文件"),
        help_text=_(".xlsx 格式，按模板填写，每张表最多 5000 行。"),
        widget=forms.FileInput({"accept": ".xlsx"}),
    )
