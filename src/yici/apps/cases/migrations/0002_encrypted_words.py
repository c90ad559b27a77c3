import yici.apps.people.encryption
from django.db import migrations, models

from yici.apps.journal.append_only import forbid_changes_but
from yici.apps.people.locking import lock_existing


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
    ]

    operations = [
        *forbid_changes_but('cases_act', 'by_name', 'reason'),
        migrations.AlterField(
            model_name='act',
            name='by_name',
            field=yici.apps.people.encryption.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='act',
            name='reason',
            field=yici.apps.people.encryption.EncryptedTextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='attachment',
            name='content',
            field=yici.apps.people.encryption.EncryptedBytesField(),
        ),
        migrations.AlterField(
            model_name='attachment',
            name='filename',
            field=yici.apps.people.encryption.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='case',
            name='decision_reason',
            field=yici.apps.people.encryption.EncryptedTextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='correction',
            name='asked',
            field=yici.apps.people.encryption.EncryptedJSONField(),
        ),
        migrations.AlterField(
            model_name='correction',
            name='reply',
            field=yici.apps.people.encryption.EncryptedTextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='note',
            field=yici.apps.people.encryption.EncryptedTextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='extension',
            name='approved_by',
            field=yici.apps.people.encryption.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='extension',
            name='reason',
            field=yici.apps.people.encryption.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='hallrequest',
            name='answer',
            field=yici.apps.people.encryption.EncryptedTextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='message',
            name='author_name',
            field=yici.apps.people.encryption.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='message',
            name='text',
            field=yici.apps.people.encryption.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='pause',
            name='reason',
            field=yici.apps.people.encryption.EncryptedTextField(),
        ),
        migrations.AlterField(
            model_name='step',
            name='opinion',
            field=yici.apps.people.encryption.EncryptedTextField(blank=True, default=''),
        ),
        migrations.AddField(model_name='application', name='emptied_at', field=models.DateTimeField(null=True)),
        migrations.AddField(model_name='hallrequest', name='emptied_at', field=models.DateTimeField(null=True)),
        lock_existing(
            'cases',
            act=('by_name', 'reason'),
            attachment=('content', 'filename'),
            case=('decision_reason',),
            correction=('asked', 'reply'),
            evidence=('note',),
            extension=('approved_by', 'reason'),
            hallrequest=('answer',),
            message=('author_name', 'text'),
            pause=('reason',),
            step=('opinion',),
        ),
    ]
