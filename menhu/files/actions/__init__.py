"""Everything that is done with uploads: keep, remove, have them judged by a virus scanner."""

from menhu.files.actions.removing import forget_orphans, remove_all_private, remove_private
from menhu.files.actions.scanning import alarm_overdue, scan_waiting
from menhu.files.actions.storing import private_limit, store_private, store_upload, upload_limit

__all__ = [
    "alarm_overdue",
    "forget_orphans",
    "private_limit",
    "remove_all_private",
    "remove_private",
    "scan_waiting",
    "store_private",
    "store_upload",
    "upload_limit",
]
