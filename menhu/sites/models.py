from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from menhu.core.models import Confidence
from menhu.sites.enums import ColumnForm, Palette, RequestKind, RequestState, SiteKind, SiteState
from menhu.sites.querysets import ColumnQuerySet, SiteQuerySet
from menhu.units.models import Unit


class ColumnKind(models.Model):
    """A kind of column: the META norm's ColumnType value and how long it may go without an update (editable figure)."""

    name = models.CharField(
        _("栏目类别"), max_length=20, unique=True, error_messages={"unique": _("已有同名的栏目类别。")}
    )
    window_days = models.PositiveIntegerField(_("更新时限（天）"), null=True, blank=True)
    is_vetoed = models.BooleanField(_("计入单项否决"), default=False)
    source = models.CharField(_("依据"), max_length=200, blank=True)
    confidence = models.CharField(
        _("可信度"), max_length=12, choices=Confidence.choices, default=Confidence.UNCONFIRMED
    )
    position = models.PositiveIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("栏目类别")
        verbose_name_plural = _("栏目类别")

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A site of the cluster: an address (host and prefix), a look, an owner and a responsible person."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sites", verbose_name=_("主办单位"))
    kind = models.CharField(_("类型"), max_length=8, choices=SiteKind.choices, default=SiteKind.UNIT)
    state = models.CharField(_("状态"), max_length=10, choices=SiteState.choices, default=SiteState.OPEN)
    name = models.CharField(_("网站名称"), max_length=80)
    region = models.CharField(_("所属地区"), max_length=80, blank=True)
    slogan = models.CharField(_("标语"), max_length=80, blank=True)
    introduction = models.CharField(_("一句话介绍"), max_length=200, blank=True)
    base_url = models.URLField(_("独立域名"), blank=True, help_text=_("留空则用门户的域名加路径。"))
    host = models.CharField(_("主机"), max_length=120, editable=False)
    prefix = models.CharField(_("路径"), max_length=60, blank=True, help_text=_("门户为空，单位网站如 /jyj。"))
    palette = models.CharField(_("配色"), max_length=8, choices=Palette.choices, default=Palette.BLUE)
    site_code = models.CharField(_("网站标识码"), max_length=20, blank=True)
    icp_number = models.CharField(_("ICP 备案号"), max_length=60, blank=True)
    police_number = models.CharField(_("公安备案号"), max_length=60, blank=True)
    organiser = models.CharField(_("主办"), max_length=80, blank=True)
    contractor = models.CharField(_("承办"), max_length=80, blank=True)
    phone = models.CharField(_("联系电话"), max_length=60, blank=True)
    responsible_person = models.CharField(_("网站责任人"), max_length=40, blank=True)
    upper_links = models.JSONField(_("上级网站"), default=list, blank=True, help_text=_("页头显示；每项：名称、网址。"))
    related_links = models.JSONField(
        _("相关网站"), default=list, blank=True, help_text=_("页脚显示；每项：名称、网址。")
    )
    is_mourning = models.BooleanField(_("哀悼灰"), default=False)
    opened_on = models.DateField(_("开通日期"), null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("网站")
        verbose_name_plural = _("网站")
        constraints = [
            models.UniqueConstraint(
                fields=["host", "prefix"], name="sites_site_address", violation_error_message=_("这个网址已有网站。")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SitePlan(models.Model):
    """What is settled about a unit's site before it stands: who leads and by when (S1, build-out)."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="site_plan", verbose_name=_("单位"))
    responsible_person = models.CharField(_("牵头人"), max_length=40, blank=True)
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("建站计划")
        verbose_name_plural = _("建站计划")

    def __str__(self) -> str:
        return f"{self.unit} {self.due_on or ''}".strip()


class SiteTemplate(models.Model):
    """What a new unit site starts with: required columns, look and home blocks."""

    name = models.CharField(_("模板名称"), max_length=60, unique=True, error_messages={"unique": _("已有同名的模板。")})
    palette = models.CharField(_("配色"), max_length=8, choices=Palette.choices, default=Palette.BLUE)
    blocks = models.JSONField(_("首页版块"), default=list, help_text=_("每项：类型、标题、设置。"))

    class Meta:
        verbose_name = _("网站模板")
        verbose_name_plural = _("网站模板")

    def __str__(self) -> str:
        return self.name


class ColumnFields(models.Model):
    """What a column and a template's column have in common."""

    name = models.CharField(_("栏目名称"), max_length=40)
    slug = models.SlugField(_("代号"), max_length=40, help_text=_("用于网址，如 tzgg"))
    kind = models.ForeignKey(ColumnKind, models.PROTECT, related_name="+", verbose_name=_("栏目类别"))
    form = models.CharField(_("形式"), max_length=8, choices=ColumnForm.choices, default=ColumnForm.LIST)
    description = models.CharField(_("栏目说明"), max_length=200, blank=True)
    keywords = models.CharField(_("关键词"), max_length=120, blank=True)
    link = models.CharField(_("链接地址"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("排序"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class TemplateColumn(ColumnFields):
    """A required column of a template; one level of nesting by the parent's slug."""

    template = models.ForeignKey(SiteTemplate, models.CASCADE, related_name="columns", verbose_name=_("模板"))
    parent_slug = models.SlugField(_("上级栏目代号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("模板栏目")
        verbose_name_plural = _("模板栏目")
        constraints = [models.UniqueConstraint(fields=["template", "slug"], name="sites_templatecolumn_slug")]


class Column(ColumnFields):
    """A column: a place in a site's tree with an owner unit, a responsible person and an update rule."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="columns", verbose_name=_("网站"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级栏目")
    )
    path = models.CharField(_("网址路径"), max_length=200, help_text=_("站内路径，如 /zwgk/tzgg/；发布后不变。"))
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="owned_columns", verbose_name=_("责任单位"))
    responsible_person = models.CharField(_("责任人"), max_length=40, blank=True)
    window_days = models.PositiveIntegerField(
        _("更新时限（天）"), null=True, blank=True, help_text=_("留空按栏目类别。")
    )
    is_section = models.BooleanField(_("一级栏目"), default=False)
    is_hidden = models.BooleanField(_("隐藏"), default=False)
    removed_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    updated_at = models.DateTimeField(_("最近更新"), null=True, blank=True)

    objects = ColumnQuerySet.as_manager()

    class Meta:
        verbose_name = _("栏目")
        verbose_name_plural = _("栏目")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "path"], name="sites_column_address", violation_error_message=_("这个网址已有栏目。")
            ),
        ]
        indexes = [
            models.Index(fields=["site", "parent", "position", "id"], name="sites_column_order"),
            models.Index(fields=["owner", "id"], name="sites_column_owner"),
        ]


class ColumnRequest(models.Model):
    """A wish to add, rename or remove a column; the webmaster decides (S2)."""

    kind = models.CharField(_("事项"), max_length=8, choices=RequestKind.choices)
    site = models.ForeignKey(Site, models.CASCADE, related_name="column_requests", verbose_name=_("网站"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("申请单位"))
    column = models.ForeignKey(
        Column, models.CASCADE, null=True, blank=True, related_name="requests", verbose_name=_("栏目")
    )
    parent = models.ForeignKey(
        Column, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("上级栏目")
    )
    name = models.CharField(_("名称"), max_length=40, blank=True)
    slug = models.SlugField(_("代号"), max_length=40, blank=True)
    path = models.CharField(
        _("网址路径"), max_length=200, default="", editable=False, help_text=_("所涉栏目的站内路径。")
    )
    column_kind = models.ForeignKey(
        ColumnKind, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("栏目类别")
    )
    form = models.CharField(_("形式"), max_length=8, choices=ColumnForm.choices, default=ColumnForm.LIST)
    reason = models.TextField(_("理由"))
    state = models.CharField(_("状态"), max_length=10, choices=RequestState.choices, default=RequestState.WAITING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("申请人")
    )
    requested_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    decision = models.CharField(_("批复意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("栏目申请")
        verbose_name_plural = _("栏目申请")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "path"],
                condition=Q(state=RequestState.WAITING),
                name="sites_columnrequest_waiting",
                violation_error_message=_("这个栏目已有一份待批准的申请。"),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="sites_columnrequest_state"),
            models.Index(fields=["unit", "-id"], name="sites_columnrequest_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name or self.column}"


class HomeBlock(models.Model):
    """A block of a site's home page; `kind` names a registered block, `settings` are its own."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="blocks", verbose_name=_("网站"))
    kind = models.CharField(_("类型"), max_length=40)
    title = models.CharField(_("标题"), max_length=40, blank=True)
    settings = models.JSONField(_("设置"), default=dict, blank=True)
    position = models.PositiveIntegerField(_("排序"), default=0)
    is_shown = models.BooleanField(_("显示"), default=True)

    class Meta:
        verbose_name = _("首页版块")
        verbose_name_plural = _("首页版块")
        indexes = [models.Index(fields=["site", "position", "id"], name="sites_homeblock_order")]

    def __str__(self) -> str:
        return self.title or self.kind


class Banner(models.Model):
    """An emergency notice above every page of a site, or of all sites (no site)."""

    site = models.ForeignKey(
        Site, models.CASCADE, null=True, blank=True, related_name="banners", verbose_name=_("网站")
    )
    text = models.CharField(_("内容"), max_length=200)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    is_shown = models.BooleanField(_("显示"), default=True)
    ends_at = models.DateTimeField(_("到期自动撤下"), null=True, blank=True)

    class Meta:
        verbose_name = _("应急提示")
        verbose_name_plural = _("应急提示")

    def __str__(self) -> str:
        return self.text


class Redirect(models.Model):
    """An address that once was elsewhere: of an old site moved in, or of a page that now answers at another place."""

    host = models.CharField(_("主机"), max_length=120)
    path = models.CharField(_("原路径"), max_length=400, help_text=_("含查询串。"))
    target = models.CharField(_("现址"), max_length=400)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("地址跳转")
        verbose_name_plural = _("地址跳转")
        constraints = [models.UniqueConstraint(fields=["host", "path"], name="sites_redirect_address")]
        indexes = [models.Index(fields=["target"], condition=~Q(target=""), name="sites_redirect_target")]

    def __str__(self) -> str:
        return f"{self.host}{self.path}"
