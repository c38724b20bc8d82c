from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "menhu.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from menhu.accounts import receivers  # noqa: F401 - connects itself
        from menhu.accounts.citizens import guarding
        from menhu.audit.verbs import name_verbs
        from menhu.core.office import UrlClass, allow

        allow(UrlClass.SIGNED_IN, "accounts:me", "accounts:password", "accounts:verify", "accounts:second_factor")
        guarding.declare_figures()
        name_verbs(
            {
                "accounts.sign_in": _("登录"),
                "accounts.sign_out": _("退出"),
                "accounts.sign_in_failed": _("登录失败"),
                "accounts.locked": _("登录锁定"),
                "accounts.create": _("新增账号"),
                "accounts.change": _("修改账号资料"),
                "accounts.change_phone": _("修改手机号"),
                "accounts.disable": _("停用账号"),
                "accounts.enable": _("启用账号"),
                "accounts.reset_password": _("重置口令"),
                "accounts.change_password": _("修改口令"),
                "accounts.unlock": _("解除登录锁定"),
                "accounts.enrol_second_factor": _("启用手机验证码"),
                "accounts.remove_second_factor": _("停用手机验证码"),
                "accounts.citizen_sign_up": _("公众用户注册"),
                "accounts.citizen_sign_in": _("公众用户登录"),
                "accounts.citizen_rename": _("公众用户修改姓名"),
                "accounts.citizen_export": _("公众用户导出数据"),
                "accounts.citizen_erase": _("公众用户注销"),
            }
        )
