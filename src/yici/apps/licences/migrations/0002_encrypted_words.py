import yici.apps.people.encryption
from django.db import migrations

from yici.apps.people.locking import lock_existing


class Migration(migrations.Migration):

    dependencies = [
        ('licences', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='licence',
            name='status_reason',
            field=yici.apps.people.encryption.EncryptedTextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='licencefile',
            name='pdf',
            field=yici.apps.people.encryption.EncryptedBytesField(),
        ),
        lock_existing('licences', licence=('status_reason',), licencefile=('pdf',)),
    ]
