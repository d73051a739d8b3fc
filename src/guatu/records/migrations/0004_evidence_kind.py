from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='evidence',
            name='kind',
            field=models.CharField(blank=True, default='', max_length=30),
            preserve_default=False,
        ),
    ]
