from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from menhu.core.office_forms import ActionForm, ModelForm, OfficeFormMixin
from menhu.sites.enums import ColumnForm, RequestKind, SiteKind
from menhu.sites.fields import LinkLinesField
from menhu.sites.models import Banner, Column, ColumnKind, ColumnRequest, Site, SitePlan, SiteTemplate, TemplateColumn
from menhu.units.enums import UnitKind
from menhu.units.models import Unit

NOT_UNITS = (UnitKind.GROUP, UnitKind.COUNTY)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def units_without_site(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Units, in their order, that may still open a site."""
    built = Site.objects.open().filter(kind=SiteKind.UNIT).values("unit_id")
    return units.active().exclude(Q(kind__in=NOT_UNITS) | Q(pk__in=built)).in_order()  # type: ignore[attr-defined,no-any-return]


class OpenSiteForm(OfficeFormMixin, forms.Form):
    """What opening a site needs a person to say; everything else comes from unit, template and portal."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("单位"))
    template = forms.ModelChoiceField(
        SiteTemplate.objects.order_by("pk"),
        label=_("模板"),
        empty_label=None,
        help_text=_("规定栏目、配色和首页版块都由模板带来。"),
    )
    slug = forms.CharField(
        label=_("网址代号"),
        max_length=40,
        required=False,
        help_text=_("留空用单位代号，如 jyj 即 /jyj/。开通后不再改变。"),
    )
    responsible_person = forms.CharField(label=_("网站责任人"), max_length=40)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)  # noqa: S101  # declared above
        unit.queryset = units_without_site(units)


class PlanForm(ActionForm):
    class Meta:
        model = SitePlan
        fields = ("responsible_person", "due_on", "note")
        widgets = {"due_on": DATE}


class SiteForm(ActionForm):
    """Everything a site says of itself; its address is not among it."""

    upper_links = LinkLinesField(label=_("上级网站"), required=False, help_text=_("页头显示。每行一个：名称 | 网址。"))
    related_links = LinkLinesField(
        label=_("相关网站"), required=False, help_text=_("页脚显示。每行一个：名称 | 网址。")
    )

    class Meta:
        model = Site
        fields = (
            "name",
            "region",
            "slogan",
            "introduction",
            "palette",
            "organiser",
            "contractor",
            "phone",
            "responsible_person",
            "site_code",
            "icp_number",
            "police_number",
        )
        widgets = {"palette": forms.RadioSelect}


COLUMN_FIELDS = (
    "name",
    "kind",
    "form",
    "link",
    "description",
    "keywords",
    "owner",
    "responsible_person",
    "window_days",
    "is_section",
    "is_hidden",
)

COLUMN_HINTS = {
    "link": _("只有链接栏目需要。"),
    "description": _("写进网页标签；留空自动生成。"),
    "keywords": _("写进网页标签；留空用栏目名称。"),
    "is_hidden": _("隐藏的栏目不在网站上出现。"),
    "slug": _("用于网址，如 tzgg，开通后不再改变。"),
}


class ColumnEditForm(ActionForm):
    """A standing column: its address is shown beside, not offered."""

    class Meta:
        model = Column
        fields: tuple[str, ...] = COLUMN_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _narrow(self, "kind", ColumnKind.objects.order_by("position", "pk"))
        _narrow(self, "owner", Unit.objects.active().exclude(kind__in=NOT_UNITS).in_order())
        for name, hint in COLUMN_HINTS.items():
            if name in self.fields:
                self.fields[name].help_text = hint
        self.fields["is_section"].label = _("放进主导航")


class ColumnAddForm(ColumnEditForm):
    """A new column, whose place and slug make its address."""

    class Meta(ColumnEditForm.Meta):
        fields = ("parent", "name", "slug", *COLUMN_FIELDS[1:-1])

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _narrow(self, "parent", Column.objects.standing().filter(site=site).order_by("path"))
        _label_by_path(self, "parent")


class RequestForm(OfficeFormMixin, forms.Form):
    """A unit's wish for one of its columns; fields that its kind does not need are left out."""

    parent = forms.ModelChoiceField(Column.objects.none(), label=_("上级栏目"), required=False)
    column = forms.ModelChoiceField(Column.objects.none(), label=_("栏目"))
    name = forms.CharField(label=_("栏目名称"), max_length=40)
    slug = forms.CharField(label=_("网址代号"), max_length=40, help_text=_("小写字母开头，如 tzgg。"))
    column_kind = forms.ModelChoiceField(ColumnKind.objects.order_by("position", "pk"), label=_("栏目类别"))
    form = forms.ChoiceField(
        label=_("形式"), choices=[choice for choice in ColumnForm.choices if choice[0] != ColumnForm.LINK]
    )
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)

    NEEDS = {
        RequestKind.ADD: ("parent", "name", "slug", "column_kind", "form", "reason"),
        RequestKind.RENAME: ("column", "name", "reason"),
        RequestKind.REMOVE: ("column", "reason"),
    }

    def __init__(self, *args: Any, kind: RequestKind, columns: QuerySet[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("parent", "column"):
            _narrow(self, name, columns)
            _label_by_path(self, name)
        for name in set(self.fields) - set(self.NEEDS[kind]):
            del self.fields[name]
        if kind == RequestKind.RENAME:
            self.fields["name"].label = _("新的名称")


class DecisionForm(ActionForm):
    class Meta:
        model = ColumnRequest
        fields = ("decision",)
        widgets = {"decision": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"decision": _("批准时选填，不批准时写明理由。申请人会看到。")}


class BannerForm(ActionForm):
    class Meta:
        model = Banner
        fields = ("text", "link", "site", "ends_at")
        widgets = {"ends_at": MOMENT}
        help_texts = {
            "ends_at": _("到时自动撤下；留空则由人撤下。"),
            "link": _("选填，如 /tzgg/ 或 https:// 开头的网址。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _narrow(self, "site", Site.objects.open().order_by("prefix", "pk"))
        site = self.fields["site"]
        assert isinstance(site, forms.ModelChoiceField)  # noqa: S101  # declared above
        site.empty_label = _("全部网站")


class MourningForm(OfficeFormMixin, forms.Form):
    site = forms.ModelChoiceField(
        Site.objects.open().order_by("prefix", "pk"), label=_("网站"), required=False, empty_label=_("全部网站")
    )


class KindForm(ActionForm):
    class Meta:
        model = ColumnKind
        fields = ("name", "window_days", "is_vetoed", "source", "confidence", "position")
        help_texts = {"name": _("写进网页标签 ColumnType。"), "window_days": _("超过这么多天未更新即超时；留空不限。")}


class TemplateForm(ActionForm):
    """A template: its blocks are taken over from a site on which somebody has arranged them."""

    blocks_of = forms.ModelChoiceField(
        Site.objects.none(),
        label=_("首页版块以哪个网站为准"),
        required=False,
        help_text=_("选一个首页已排好的网站，把它的版块存进模板；不选则不变。"),
    )

    class Meta:
        model = SiteTemplate
        fields = ("name", "palette")
        widgets = {"palette": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _narrow(self, "blocks_of", Site.objects.open().filter(kind=SiteKind.UNIT).order_by("prefix", "pk"))


class TemplateColumnForm(OfficeFormMixin, ModelForm):
    class Meta:
        model = TemplateColumn
        fields = ("name", "slug", "parent_slug", "kind", "form", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _narrow(self, "kind", ColumnKind.objects.order_by("position", "pk"))


TemplateColumns = forms.inlineformset_factory(
    SiteTemplate, TemplateColumn, form=TemplateColumnForm, extra=2, can_delete=True
)


def _narrow(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # the caller names one
    field.queryset = rows


def _label_by_path(form: forms.BaseForm, name: str) -> None:
    """Columns of one name may stand in several places: their address tells them apart."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # the caller names one
    field.label_from_instance = _name_and_path  # type: ignore[method-assign]


def _name_and_path(obj: Column) -> str:
    return f"{obj.name}　{obj.path}"
