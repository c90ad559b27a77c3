"""What happens to tickets by itself: the supervision's sweep, the mailbox, and a training somebody asked for."""

from django.utils import timezone
from procrastinate.contrib.django import app

from yici.apps.tickets import learning
from yici.apps.tickets.mailbox.posting import go_round, mailbox_of_settings
from yici.apps.tickets.quality import draw_last_week
from yici.apps.tickets.sweeping import sweep
from yici.apps.tickets.texting.sending import gateway_of_settings, send_texts


@app.periodic(cron="*/5 * * * *")
@app.task(name="tickets.sweep", queueing_lock="tickets.sweep")
def sweep_clocks(timestamp: int) -> None:
    """Examine every ticket and case that is nearly due or overdue; running twice does nothing twice."""
    sweep(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="tickets.mail", queueing_lock="tickets.mail")
def fetch_mail(timestamp: int) -> None:
    """Take in what is unread and send what is due; a server that does not answer is asked again in a minute."""
    mailbox = mailbox_of_settings()
    if mailbox is not None:
        go_round(mailbox, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="tickets.texts", queueing_lock="tickets.texts")
def text_answers(timestamp: int) -> None:
    """Send the answers that are due as text messages; a gateway that does not answer is asked again in a minute."""
    gateway = gateway_of_settings()
    if gateway is not None:
        send_texts(gateway, now=timezone.now())


@app.periodic(cron="20 * * * *")
@app.task(name="tickets.sample_calls", queueing_lock="tickets.sample_calls")
def sample_calls(timestamp: int) -> None:
    """Draw the samples of the week before, once; asked every hour, so that no Monday is missed."""
    draw_last_week(now=timezone.now())


@app.task(name=learning.TRAINING, queueing_lock=learning.TRAINING)
def train_model(by: str) -> None:
    """Train the text model anew; after a kill it is trained once more, and the later version counts."""
    learning.retrain(by=by, now=timezone.now())
