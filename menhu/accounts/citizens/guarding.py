"""How often codes may be asked for and tried: text messages cost money, and nobody's telephone is to ring all day."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest

from menhu.accounts.contacts import Contact
from menhu.core.addresses import network_of
from menhu.core.limits import Limit, declare_limit, within

HOUR: Final = 3600
PER_CONTACT: Final = Limit("accounts.codes", most=5, seconds=HOUR, figure="accounts.codes_per_contact")
PER_NETWORK: Final = Limit("accounts.code_network", most=20, seconds=HOUR, figure="accounts.codes_per_network")
IN_ALL: Final = Limit("accounts.code_all", most=1_000, seconds=HOUR, figure="accounts.codes_in_all")
TRIES: Final = Limit("accounts.code_tries", most=60, seconds=HOUR, figure="accounts.code_tries_per_network")


def declare_figures() -> None:
    """How many; a county sets its own."""
    declare_limit(PER_CONTACT, "同一手机号或邮箱每小时可取登录验证码")
    declare_limit(PER_NETWORK, "同一网络地址每小时可取登录验证码")
    declare_limit(IN_ALL, "全站每小时可发登录验证码")
    declare_limit(TRIES, "同一网络地址每小时可试登录验证码")


def may_ask(request: HttpRequest, contact: Contact, *, now: datetime) -> bool:
    """Count a wish for a code; False where this network, this address or everybody together asked too often."""
    uses = ((PER_NETWORK, network_of(request)), (PER_CONTACT, contact.digest), (IN_ALL, ""))
    return all(within(limit, key, now=now) for limit, key in uses)


def may_try(request: HttpRequest, *, now: datetime) -> bool:
    """Count a try at a code; False where this network tried too often."""
    return within(TRIES, network_of(request), now=now)
