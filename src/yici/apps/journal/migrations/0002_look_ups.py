"""Lets the owner of a dataset find the look-ups of it, newest first, without reading everybody's journal."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX journal_entry_look_ups ON journal_entry (((facts_text::jsonb)->>'dataset'), id) "
            "WHERE kind IN ('registry.looked_up', 'registry.look_up_refused')",
            "DROP INDEX journal_entry_look_ups",
        ),
    ]
