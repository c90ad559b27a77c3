import django.contrib.postgres.indexes
from django.db import migrations, models

COPY = """
UPDATE cases_case SET applied_at = a.submitted_at, concluded_at = a.closed_at
FROM cases_application a WHERE a.id = cases_case.application_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_times_of_months'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='applied_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='concluded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='case',
            name='applied_at',
            field=models.DateTimeField(),
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_times',
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['applied_at', 'received_at', 'decided_at', 'closed_at', 'concluded_at'], name='case_times'),
        ),
        # All rows are new to the planner: a list would search the whole table until it knows them.
        migrations.RunSQL('ANALYZE cases_case', migrations.RunSQL.noop),
    ]
