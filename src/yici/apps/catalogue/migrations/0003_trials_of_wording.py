from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_trials'),
    ]

    operations = [
        migrations.AddField(
            model_name='trial',
            name='of_wording',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('of_wording', False), ('share__isnull', False), _connector='OR'), name='catalogue_trial_of_wording_by_people', violation_error_message='措辞试点按人的比例。 A trial of wording is for a share of people.'),
        ),
    ]
