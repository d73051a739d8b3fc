from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0008_loop")]

    operations = [
        migrations.AlterField(
            model_name="link",
            name="kind",
            field=models.CharField(
                choices=[
                    ("found_in", "Found In"),
                    ("referred_up_to", "Referred Up To"),
                    ("rebound_of", "Rebound Of"),
                    ("self_check_of", "Self Check Of"),
                    ("case_of", "Case Of"),
                    ("cites", "Cites"),
                    ("same_as", "Same As"),
                    ("split_from", "Split From"),
                    ("merged_into", "Merged Into"),
                    ("unlike", "Unlike"),
                ],
                max_length=20,
            ),
        ),
    ]
