"""Citizens: people who sign in on the public pages, by a code alone, and can take their data along or have them erased.

Apps that keep something of a citizen call `register_data` in `AppConfig.ready`.
"""

from menhu.accounts.citizens.data import erase, export, register_data
from menhu.accounts.citizens.keeping import rename, sign_in
from menhu.accounts.citizens.sessions import citizen_of, enter, leave

__all__ = ["citizen_of", "enter", "erase", "export", "leave", "register_data", "rename", "sign_in"]
