import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_trials_of_wording'),
        ('planning', '0003_question_tally'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='drawn_as',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        migrations.AddField(
            model_name='draft',
            name='on_sheet',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=64)),
                ('inside', models.BooleanField()),
                ('begun_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('worked', models.PositiveIntegerField(default=0)),
                ('sent_back', models.PositiveIntegerField(default=0)),
                ('helped', models.BooleanField(default=False)),
                ('draft', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sheets', to='planning.draft')),
                ('trial', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.trial')),
            ],
            options={
                'indexes': [models.Index(fields=['trial', 'begun_at'], name='planning_sheet_of_trial')],
                'constraints': [models.UniqueConstraint(fields=('trial', 'draft'), name='planning_sheet_once'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('begun_at'))), name='planning_sheet_has_days', violation_error_message='计数期应在开始之后。 A sheet is written on after its beginning.')],
            },
        ),
    ]
