import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accountability', '0003_way_tallies'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('act', models.CharField(choices=[('applied', 'applied'), ('asked', 'asked')], max_length=8)),
                ('item_key', models.CharField(blank=True, max_length=80)),
                ('channel', models.CharField(max_length=12)),
                ('count', models.PositiveIntegerField()),
                ('counted_at', models.DateTimeField()),
                ('region', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.region')),
            ],
            options={
                'indexes': [models.Index(fields=['region', 'month'], name='accountability_channel_of')],
                'constraints': [models.UniqueConstraint(fields=('month', 'region', 'act', 'item_key', 'channel'), name='accountability_channel_once')],
            },
        ),
    ]
