from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.actions import create_account
from menhu.units.actions import add_unit, appoint
from menhu.units.enums import Role, UnitKind
from menhu.units.models import Unit
from menhu.units.policies import today


class Command(BaseCommand):
    help = "建立平台的第一个单位（县）和第一名网站管理员；其余单位、账号和岗位由管理员在后台建立或导入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", help="县的全称，如 云岭县")
        parser.add_argument("username", help="网站管理员的用户名")
        parser.add_argument("name", help="网站管理员的姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        if Unit.objects.exists():
            raise CommandError(_("平台已有单位，不再需要这一步。"))
        try:
            password = self.found(options["county"], options["username"], options["name"])
        except ValidationError as refused:
            raise CommandError("；".join(refused.messages)) from refused
        self.stdout.write(_("已建立“%(county)s”。") % {"county": options["county"]})
        text = _("网站管理员 %(username)s 的一次性口令：%(password)s（首次登录必须修改）")
        self.stdout.write(text % {"username": options["username"], "password": password})

    @transaction.atomic
    def found(self, county: str, username: str, name: str) -> str:
        root = add_unit(parent=None, by=None, name=county, short_name=county, slug="county", kind=UnitKind.COUNTY)
        user, password = create_account(username=username, name=name, by=None)
        appoint(user=user, unit=root, role=Role.WEBMASTER, by=None, starts_on=today())
        return password
