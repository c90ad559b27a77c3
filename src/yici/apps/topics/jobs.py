"""What happens to topics by itself: the daily sweep, and the e-mails that tell what came of one."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.tickets.mailbox.posting import mailbox_of_settings
from yici.apps.topics.finding import find_topics
from yici.apps.topics.telling import mail_outcomes


@app.periodic(cron="10 4 * * *")
@app.task(name="topics.find", queueing_lock="topics.find")
def find(timestamp: int) -> None:
    """Read what is new and judge the last whole week; twice a day would find the same."""
    find_topics(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="topics.mail", queueing_lock="topics.mail")
def mail(timestamp: int) -> None:
    """Send what came of a topic to those who wrote by e-mail; what fails is tried again in five minutes."""
    mailbox = mailbox_of_settings()
    if mailbox is not None:
        mail_outcomes(mailbox)
