"""Addresses of the kiosk; `phone/` is opened on the person's own phone."""

from django.urls import path

from yici.channels.kiosk import drafts, mine, prints, reviews, signing_in

app_name = "kiosk"
urlpatterns = [
    path("", signing_in.attract, name="attract"),
    path("pair/<str:secret>", signing_in.pair, name="pair"),
    path("demo", signing_in.demo, name="demo"),
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("sign-in/state", signing_in.phone_state, name="phone_state"),
    path("sign-in/enter", signing_in.enter, name="enter"),
    path("card", signing_in.card, name="card"),
    path("demo-card", signing_in.demo_card, name="demo_card"),
    path("phone/<str:code>", signing_in.phone, name="phone"),
    path("mine", mine.mine, name="mine"),
    path("cases/<uuid:public_id>/review", reviews.review, name="review"),
    path("act-for", mine.act_for, name="act_for"),
    path("needs", mine.needs, name="needs"),
    path("needs/<slug:key>/start", drafts.start, name="start"),
    path("drafts/<uuid:public_id>/ask", drafts.ask, name="ask"),
    path("drafts/<uuid:public_id>/plan", drafts.plan, name="plan"),
    path("drafts/<uuid:public_id>/form", drafts.form, name="form"),
    path("drafts/<uuid:public_id>/check", drafts.check, name="check"),
    path("applications/<uuid:public_id>", drafts.submitted, name="submitted"),
    path("no-suggestions", drafts.no_nudges, name="no_nudges"),
    path("prints/<uuid:public_id>", prints.job, name="print"),
    path("prints/<uuid:public_id>/state", prints.state, name="print_state"),
    path("prints/<uuid:public_id>/again", prints.again, name="print_again"),
    path("print/<slug:what>/<uuid:public_id>", prints.ask, name="ask_print"),
    path("stay", mine.stay, name="stay"),
    path("still-there", mine.still_there, name="still_there"),
    path("end", mine.end, name="end"),
    path("goodbye", mine.goodbye, name="goodbye"),
    path("spoken", mine.spoken, name="spoken"),
]
