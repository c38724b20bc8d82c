from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from menhu.units.enums import Role, Side, UnitKind
from menhu.units.querysets import PostQuerySet, UnitQuerySet


class Unit(models.Model):
    """A node of the organisation tree; `path` ("0001.0007.") makes a subtree one prefix."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级单位")
    )
    path = models.CharField(_("路径"), max_length=120, unique=True, editable=False)
    name = models.CharField(_("全称"), max_length=80, unique=True)
    short_name = models.CharField(_("简称"), max_length=40)
    slug = models.SlugField(_("代号"), max_length=40, unique=True, help_text=_("用于网址，如 jyj"))
    kind = models.CharField(_("类型"), max_length=12, choices=UnitKind.choices, default=UnitKind.BUREAU)
    side = models.CharField(_("隶属"), max_length=12, choices=Side.choices, default=Side.GOVERNMENT)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    office_hours = models.CharField(_("办公时间"), max_length=80, blank=True)
    duties = models.TextField(_("主要职责"), blank=True)
    leader_in_charge = models.CharField(_("分管领导"), max_length=40, blank=True)
    editor_on_file = models.CharField(_("备案信息员"), max_length=40, blank=True)
    team = models.CharField(_("工作班子"), max_length=200, blank=True, help_text=_("姓名以顿号分开。"))
    plan = models.TextField(_("年度工作计划"), blank=True)
    filed_on = models.DateField(_("备案日期"), null=True, blank=True, editable=False)
    position = models.PositiveIntegerField(_("排序"), default=0)
    starts_on = models.DateField(_("设立日期"), null=True, blank=True)
    ends_on = models.DateField(_("撤销日期"), null=True, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="units_unit_term",
                violation_error_message=_("撤销日期不能早于设立日期。"),
            ),
        ]
        indexes = [models.Index(fields=["parent", "position", "id"], name="units_unit_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """How many units stand above it."""
        return self.path.count(".") - 1

    def covers(self, other: "Unit") -> bool:
        """Whether `other` is this unit or lies below it."""
        return other.path.startswith(self.path)


class Leader(models.Model):
    """A leader of a unit as shown to the public, with the duties they answer for."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="leaders", verbose_name=_("单位"))
    name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职务"), max_length=80)
    duties = models.TextField(_("分工"), blank=True)
    position = models.PositiveIntegerField(_("排序"), default=0)
    is_public = models.BooleanField(_("对外公开"), default=True)

    class Meta:
        verbose_name = _("领导")
        verbose_name_plural = _("领导")
        indexes = [models.Index(fields=["unit", "position", "id"], name="units_leader_order")]

    def __str__(self) -> str:
        return f"{self.name} {self.title}"


class Post(models.Model):
    """user × unit × role × term. `scope` is the subtree whose business the post decides (default: its unit)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts", verbose_name=_("人员"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("所在单位"))
    role = models.CharField(_("角色"), max_length=24, choices=Role.choices)
    scope = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("管辖范围"))
    deputy_for = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="deputies", verbose_name=_("代理")
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="units_post_term",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role", "scope", "starts_on"],
                name="units_post_once",
                violation_error_message=_("这个人在该单位已有同样的岗位。"),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "starts_on", "ends_on"], name="units_post_user"),
            models.Index(fields=["unit", "-starts_on", "-id"], name="units_post_unit"),
            models.Index(fields=["role", "user"], name="units_post_role"),
            models.Index(fields=["-starts_on", "-id"], name="units_post_newest"),
        ]

    def __str__(self) -> str:
        deputy = _("（代理）") if self.deputy_for_id else ""
        return f"{self.unit.short_name} {self.get_role_display()}{deputy}"

    def stands_on(self, day: date) -> bool:
        """Whether the day lies in its term."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def has_ended(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on < day
