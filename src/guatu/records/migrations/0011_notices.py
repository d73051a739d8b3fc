import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0010_collection'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True)),
                ('recent', models.JSONField(default=list)),
                ('rests_until', models.DateTimeField(null=True)),
                ('failures', models.IntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('error_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='NoticeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.BooleanField(default=False)),
                ('at_once', models.BooleanField(default=False)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_to', models.TimeField(null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_choice', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=60)),
                ('addressee', models.CharField(max_length=60)),
                ('fact', models.CharField(max_length=120)),
                ('payload', models.JSONField(default=dict)),
                ('due', models.DateField(null=True)),
                ('urgent', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed'), ('held', 'Held'), ('dropped', 'Dropped')], default='waiting', max_length=8)),
                ('attempts', models.IntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.campaign')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.item')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'channel', 'next_at'], name='delivery_waiting'), models.Index(fields=['campaign', 'made_at'], name='delivery_campaign'), models.Index(fields=['addressee', 'channel', 'sent_at'], name='delivery_sent')],
                'constraints': [models.UniqueConstraint(fields=('channel', 'addressee', 'fact'), name='told_once')],
            },
        ),
        migrations.CreateModel(
            name='ReminderDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('people', models.IntegerField(default=0)),
                ('facts', models.IntegerField(default=0)),
                ('said', models.TextField(blank=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.campaign')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'day'), name='reminded_once')],
            },
        ),
    ]
