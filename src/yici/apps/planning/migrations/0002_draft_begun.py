from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["created_at"], name="draft_begun"),
        ),
    ]
