"""Forms of the back office around articles. Whatever was typed comes back with the reason beside it."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menhu.articles.actions.checking import body_faults
from menhu.articles.enums import ArticleState, Genre
from menhu.articles.models import Article, Attachment, Placement
from menhu.articles.policies import TAKING_FORMS
from menhu.articles.widgets import Day, LocalMoment, ManyFiles, RichText
from menhu.core.cursors import row_number, row_numbers
from menhu.core.office_forms import OfficeFormMixin
from menhu.core.sanitising import clean_article_html
from menhu.files.models import FileKind, StoredFile
from menhu.sites.enums import SiteKind, SiteState
from menhu.sites.models import Column, Site
from menhu.units.models import Unit

TEXT_FIELDS: Final = ("genre", "title", "subtitle", "body")
ABOUT_FIELDS: Final = ("source", "author", "responsible_editor", "summary", "keywords", "cover_alt")
CARD_FIELDS: Final = (
    "index_number",
    "document_number",
    "issued_by",
    "issued_on",
    "effective_on",
    "expires_on",
    "validity",
    "subject",
)
TIME_FIELDS: Final = ("go_live_at", "expire_at", "is_major")
MODEL_FIELDS: Final = (*TEXT_FIELDS, *ABOUT_FIELDS, "cover", *CARD_FIELDS, "interprets", *TIME_FIELDS)
CARD_MUST: Final = ("document_number", "issued_by", "issued_on", "validity")
DOCUMENTS_OFFERED: Final = 30


def own_columns(unit: Unit) -> QuerySet[Column]:
    """Columns that the unit answers for, by site."""
    rows = Column.objects.standing().filter(owner=unit, form__in=TAKING_FORMS)
    return rows.select_related("site").order_by("site_id", "position", "pk")


def other_columns(unit: Unit) -> QuerySet[Column]:
    """Columns of other units to which an article may be proposed."""
    rows = Column.objects.public().filter(form__in=TAKING_FORMS, site__state=SiteState.OPEN).exclude(owner=unit)
    return rows.select_related("site", "owner").order_by("site_id", "position", "pk")


def first_sites(unit: Unit) -> QuerySet[Site]:
    """Where the unit's articles may first appear: its own sites, else the portal."""
    own = Site.objects.filter(unit=unit).order_by("pk")
    return own if own.exists() else Site.objects.portals().order_by("pk")


class ColumnChoice(forms.ModelMultipleChoiceField[Column]):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.site.name} · {obj.name}"


class ArticleForm(OfficeFormMixin, forms.ModelForm[Article]):
    """Everything about one article; saved by the actions, never by the form."""

    base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    columns = ColumnChoice(Column.objects.none(), required=False, label=_("本单位栏目"))
    proposals = ColumnChoice(Column.objects.none(), required=False, label=_("报送到其他单位的栏目"))
    new_files = forms.FileField(
        required=False, label=_("添加附件"), widget=ManyFiles, help_text=_("可一次选多个。随文章发布后才对外公开。")
    )
    new_cover = forms.FileField(required=False, label=_("题图"), help_text=_("标题旁的图片，用于首页头条和图片新闻。"))

    class Meta:
        model = Article
        fields = (*MODEL_FIELDS, "site")
        widgets = {
            "body": RichText,
            "summary": forms.Textarea(attrs={"rows": 3}),
            "cover": forms.HiddenInput,
            "issued_on": Day,
            "effective_on": Day,
            "expires_on": Day,
            "go_live_at": LocalMoment,
            "expire_at": LocalMoment,
        }
        labels = {"go_live_at": _("定时发布"), "expire_at": _("到期自动下线")}
        help_texts = {
            "go_live_at": _("三级审核通过后，到这个时间才发布；留空则审核通过立即发布。"),
            "expire_at": _("到这个时间自动从网上撤下；留空则一直保留。"),
            "summary": _("列表和分享时显示；留空则取正文开头。"),
            "keywords": _("用逗号隔开，便于检索。"),
        }

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.attached: list[tuple[StoredFile, str]] = []
        self._offer_columns()
        self._offer_documents()
        self._offer_sites()
        self._choices("cover").queryset = StoredFile.objects.filter(unit=unit, kind=FileKind.IMAGE)

    def clean_body(self) -> str:
        """Pictures are judged as they were typed: cleaning would drop some of them without a word."""
        raw: str = self.cleaned_data["body"]
        faults = body_faults(raw)
        if faults:
            raise ValidationError(faults)
        return clean_article_html(raw)

    def clean_go_live_at(self) -> Any:
        moment = self.cleaned_data["go_live_at"]
        if moment and moment <= timezone.now():
            if "go_live_at" in self.changed_data:
                raise ValidationError(_("定时发布的时间已经过去，请改晚一些，或留空。"))
            return None
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_attached()
        self._clean_times(cleaned)
        if cleaned.get("genre") == Genre.NORMATIVE:
            self._require_card(cleaned)
        if cleaned.get("cover") and not cleaned.get("cover_alt"):
            self.add_error("cover_alt", _("请写明题图上是什么，让看不见图的人也能明白。"))
        return cleaned

    def judge_nothing(self) -> None:
        """Draw what was posted without looking for faults in it."""
        self._errors = ErrorDict()

    @property
    def card(self) -> list[forms.BoundField]:
        return [self[name] for name in CARD_FIELDS]

    def text(self) -> Article:
        """The text as it was sent, attachments included, not saved."""
        rows = [Attachment(file=file, title=title) for file, title in self.attached]
        self.instance.attachments.set(rows)
        return self.instance

    @property
    def text_values(self) -> dict[str, Any]:
        """What the actions take as fields of the text."""
        return {name: self.cleaned_data[name] for name in MODEL_FIELDS}

    @property
    def wanted_columns(self) -> list[Column]:
        return [*self.cleaned_data["columns"], *self.cleaned_data["proposals"]]

    def take(self, error: ValidationError) -> None:
        """Show an action's finding where it belongs, at the top where the form has no such field."""
        found = error.error_dict if hasattr(error, "error_dict") else {"__all__": error.error_list}
        for name, errors in found.items():
            self.add_error(name if name in self.fields else None, ValidationError(errors))

    def attached_shown(self) -> list[tuple[StoredFile, str]]:
        """The attachments to draw: as posted, else as the text has them."""
        if self.is_bound:
            return self._posted_attachments()
        if not self.instance.pk:
            return []
        rows = sorted(self.instance.attachments.all(), key=lambda row: row.sort_order)
        files = StoredFile.objects.in_bulk([row.file_id for row in rows])
        return [(files[row.file_id], row.title) for row in rows if row.file_id in files]

    def cover_shown(self) -> StoredFile | None:
        chosen = self._choices("cover").queryset.filter(pk=row_number(str(self["cover"].value())))
        found: StoredFile | None = chosen.first()
        return found

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def _offer_sites(self) -> None:
        """The home site is chosen once; where there is but one, nothing is asked."""
        if self.instance.pk:
            del self.fields["site"]
            return
        field, sites = self._choices("site"), first_sites(self.unit)
        field.queryset, field.empty_label, self.initial["site"] = sites, None, sites.first()
        if len(sites) == 1:
            field.widget = forms.HiddenInput()

    def _offer_columns(self) -> None:
        """Own columns, and of the others those of the portal, those already chosen and those just found."""
        self._choices("columns").queryset = own_columns(self.unit)
        posted = self.data.getlist("proposals") if self.is_bound else []  # type: ignore[attr-defined]
        chosen = {*row_numbers(posted)} | set(self.initial.get("proposals", []))
        shown = Q(site__kind=SiteKind.PORTAL) | Q(pk__in=chosen)
        self._choices("proposals").queryset = other_columns(self.unit).filter(shown)

    def _offer_documents(self) -> None:
        """The document that is explained is chosen among the newest live ones, or found by its title."""
        posted = self.data.get("interprets", "") if self.is_bound else ""
        kept = [pk for pk in (self.instance.interprets_id, row_number(posted)) if pk]
        live = Article.objects.live().filter(genre=Genre.NORMATIVE)
        newest = list(live.order_by("-published_at", "-pk").values_list("pk", flat=True)[:DOCUMENTS_OFFERED])
        field = self._choices("interprets")
        field.queryset = live.filter(pk__in=[*newest, *kept]).exclude(pk=self.instance.pk).order_by("-published_at")
        field.empty_label = _("不是解读稿")

    def _posted_attachments(self) -> list[tuple[StoredFile, str]]:
        data: Any = self.data
        numbers, titles = data.getlist("attachment"), data.getlist("attachment_title")
        dropped = set(data.getlist("attachment_drop"))
        pairs = [
            (number, title.strip())
            for given, title in zip(numbers, titles, strict=False)
            if given not in dropped and (number := row_number(given)) is not None
        ]
        files = StoredFile.objects.filter(unit=self.unit).in_bulk([number for number, _title in pairs])
        return [(files[number], title[:120] or files[number].name) for number, title in pairs if number in files]

    def _clean_attached(self) -> None:
        self.attached = self._posted_attachments()

    def _clean_times(self, cleaned: dict[str, Any]) -> None:
        start, end = cleaned.get("go_live_at"), cleaned.get("expire_at")
        if end and end <= timezone.now():
            self.add_error("expire_at", _("到期时间已经过去。"))
        elif start and end and end <= start:
            self.add_error("expire_at", _("到期时间要晚于定时发布的时间。"))

    def _require_card(self, cleaned: dict[str, Any]) -> None:
        for name in CARD_MUST:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("规范性文件须填写这一项。"))


class ReasonForm(OfficeFormMixin, forms.Form):
    """A reason, and nothing without it."""

    reason = forms.CharField(
        max_length=300, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": _("请写明原因。")}
    )

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text


class FilterForm(OfficeFormMixin, forms.Form):
    """What narrows the list of articles; kept in the address."""

    state = forms.ChoiceField(choices=[("", _("全部状态")), *ArticleState.choices], required=False, label=_("状态"))
    genre = forms.ChoiceField(choices=[("", _("全部体裁")), *Genre.choices], required=False, label=_("体裁"))
    column = forms.ModelChoiceField(Column.objects.none(), required=False, label=_("栏目"), empty_label=_("全部栏目"))

    def __init__(self, *args: Any, columns: QuerySet[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["column"]
        field.queryset = columns


class AnswerForm(OfficeFormMixin, forms.Form):
    """Proposals ticked in the inbox and what becomes of them."""

    placement = forms.ModelMultipleChoiceField(
        Placement.objects.none(), error_messages={"required": _("请先勾选稿件。")}, label=_("稿件")
    )
    reason = forms.CharField(required=False, max_length=200, label=_("不采用的原因"))

    def __init__(self, *args: Any, placements: QuerySet[Placement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["placement"]
        field.queryset = placements
