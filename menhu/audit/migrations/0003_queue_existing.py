from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_queue_and_orders")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO audit_unsealed (event_id) SELECT id FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_seal)",
            migrations.RunSQL.noop,
        )
    ]
