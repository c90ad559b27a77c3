import django.db.models.deletion
from django.db import migrations, models

import yici.apps.journal.ids

KINDS = [('from_home', 'from_home'), ('next_time', 'next_time'), ('by_post', 'by_post')]
MOMENTS = [('booking', 'booking'), ('window', 'window'), ('kiosk', 'kiosk')]


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_roles_of_the_congress'),
        ('planning', '0004_sheets'),
    ]

    operations = [
        migrations.CreateModel(
            name='NudgeTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('kind', models.CharField(choices=KINDS, max_length=12)),
                ('moment', models.CharField(choices=MOMENTS, max_length=12)),
                ('region_code', models.CharField(max_length=12)),
                ('shown', models.PositiveIntegerField(default=0)),
                ('followed', models.PositiveIntegerField(default=0)),
                ('declined', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'kind', 'moment', 'region_code'), name='planning_nudge_tally_once'), models.CheckConstraint(condition=models.Q(('shown__gte', models.F('followed') + models.F('declined')), ('declined__gte', models.F('refused'))), name='planning_nudge_tally_shares', violation_error_message='答复不能多于提示。 There are no more answers than suggestions.')],
            },
        ),
        migrations.CreateModel(
            name='NudgeRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('refused_at', models.DateTimeField()),
                ('party', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='nudge_refusal', to='people.party')),
            ],
        ),
        migrations.CreateModel(
            name='Nudge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=yici.apps.journal.ids.new_public_id, editable=False, unique=True)),
                ('kind', models.CharField(choices=KINDS, max_length=12)),
                ('moment', models.CharField(choices=MOMENTS, max_length=12)),
                ('event_key', models.CharField(max_length=80)),
                ('region_code', models.CharField(max_length=12)),
                ('shown_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('followed', 'followed'), ('declined', 'declined'), ('never', 'never')], max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nudges', to='people.party')),
            ],
            options={
                'indexes': [models.Index(fields=['shown_at'], name='planning_nudge_shown')],
                'constraints': [models.UniqueConstraint(fields=('party', 'kind', 'event_key'), name='planning_nudge_once'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='planning_nudge_answered_whole', violation_error_message='答复应写明时间。 An answer has its moment.')],
            },
        ),
    ]
