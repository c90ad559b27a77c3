"""Addresses of the portal."""

from django.urls import path

from yici.channels.portal import applications, drafts, home, install, signing_in, wallet

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search", home.search, name="search"),
    path("place", home.choose_place, name="place"),
    path("needs/<slug:key>", home.guide, name="guide"),
    path("needs/<slug:key>/start", home.start, name="start"),
    path("needs/<slug:key>/poster", home.poster, name="poster"),
    path("at/<str:region>/<slug:key>", home.open_here, name="open_here"),
    path("drafts/<uuid:public_id>/ask", drafts.ask, name="ask"),
    path("drafts/<uuid:public_id>/plan", drafts.plan, name="plan"),
    path("drafts/<uuid:public_id>/choose", drafts.choose, name="choose"),
    path("drafts/<uuid:public_id>/form", drafts.form, name="form"),
    path("drafts/<uuid:public_id>/save", drafts.save, name="save"),
    path("drafts/<uuid:public_id>/upload", drafts.upload, name="upload"),
    path("drafts/<uuid:public_id>/check", drafts.check, name="check"),
    path("drafts/<uuid:public_id>/discard", applications.discard, name="discard"),
    path("applications", applications.mine, name="mine"),
    path("applications/<uuid:public_id>", applications.application, name="application"),
    path("applications/<uuid:public_id>/submitted", applications.submitted, name="submitted"),
    path("applications/<uuid:public_id>/message", applications.message, name="message"),
    path("applications/<uuid:public_id>/withdraw", applications.withdraw, name="withdraw"),
    path("cases/<uuid:public_id>/clock", applications.clock, name="clock"),
    path("cases/<uuid:public_id>/correct", applications.correct, name="correct"),
    path("window/ask", applications.hall_request, name="hall_request"),
    path("licences", wallet.wallet, name="wallet"),
    path("licences/<uuid:public_id>", wallet.licence, name="licence"),
    path("licences/<uuid:public_id>.pdf", wallet.licence_pdf, name="licence_pdf"),
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("register", signing_in.register, name="register"),
    path("account", signing_in.account, name="account"),
    path("account/act-for", signing_in.act_for, name="act_for"),
    path("demo", signing_in.demo, name="demo"),
    path("manifest.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.worker, name="worker"),
]
