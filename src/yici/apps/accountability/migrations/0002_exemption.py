import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import yici.apps.journal.ids
import yici.apps.people.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("accountability", "0001_initial"),
        ("places", "0002_short_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exemption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=yici.apps.journal.ids.new_public_id, editable=False, unique=True)),
                ("month", models.DateField()),
                ("measure", models.CharField(max_length=40)),
                ("ref", models.CharField(max_length=160)),
                ("statements", yici.apps.people.encryption.EncryptedJSONField()),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=80)),
                ("due_on", models.DateField()),
                ("granted", models.BooleanField(null=True)),
                (
                    "failed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("findings", yici.apps.people.encryption.EncryptedJSONField(default=dict)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("emptied_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "measure", "ref"), name="accountability_exempted_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(granted=None, decided_at=None)
                        | Q(granted__isnull=False, decided_at__isnull=False),
                        name="accountability_exemption_decided_whole",
                        violation_error_message="A decision says what and when. 决定应写明结果和时间。",
                    ),
                    models.CheckConstraint(
                        condition=~Q(granted=True) | Q(failed=[]),
                        name="accountability_exemption_all_five",
                        violation_error_message="All five conditions must hold. 五项条件须同时符合。",
                    ),
                    models.CheckConstraint(
                        condition=~Q(decided_by=F("asked_by")) | Q(decided_by=""),
                        name="accountability_exemption_by_another",
                        violation_error_message="Nobody decides his own request. 不能决定自己提出的申请。",
                    ),
                ],
            },
        ),
    ]
