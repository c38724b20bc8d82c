"""What citizens type about their account."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from menhu.accounts.contacts import LONGEST, Contact, contact_of

ERASE_WORD = "注销"


class ContactForm(forms.Form):
    """A mobile number or an e-mail address; cleaned to a Contact."""

    contact = forms.CharField(max_length=LONGEST, error_messages={"required": _("请填写手机号或电子邮箱。")})

    def clean_contact(self) -> Contact:
        found = contact_of(self.cleaned_data["contact"])
        if found is None:
            raise ValidationError(_("请填写 11 位手机号，或完整的电子邮箱。"))
        return found


class NameForm(forms.Form):
    """The name for forms; may be left empty."""

    name = forms.CharField(max_length=40, required=False, error_messages={"max_length": _("姓名最多 40 个字。")})


class EraseForm(forms.Form):
    """The word that is typed to end an account."""

    word = forms.CharField(required=False, max_length=20)

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip("“”\"' ") != ERASE_WORD:
            raise ValidationError(_("请输入“%(word)s”两个字。"), params={"word": ERASE_WORD})
        return word
