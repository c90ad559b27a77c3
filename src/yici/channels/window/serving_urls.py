"""Addresses of a visit to the window; ``urls`` adds them with one line."""

from django.urls import path

from yici.channels.window import intake_pages, planning_pages, results, serving

urlpatterns = [
    path("serve", serving.serve, name="serve"),
    path("visit", serving.visit, name="visit"),
    path("visit/for", serving.represent, name="represent"),
    path("visit/end", serving.end, name="end"),
    path("visit/start/<slug:key>", serving.start, name="start"),
    path("visit/drafts/<uuid:draft_id>/ask", planning_pages.ask, name="ask"),
    path("visit/drafts/<uuid:draft_id>/plan", planning_pages.plan, name="plan"),
    path("visit/drafts/<uuid:draft_id>/choose", planning_pages.choose, name="choose"),
    path("visit/drafts/<uuid:draft_id>/form", planning_pages.form, name="form"),
    path("visit/drafts/<uuid:draft_id>/papers", intake_pages.draft_papers, name="papers"),
    path("visit/drafts/<uuid:draft_id>/beyond", intake_pages.beyond, name="beyond"),
    path("visit/drafts/<uuid:draft_id>/check", intake_pages.check, name="check"),
    path("visit/applications/<uuid:application_id>", intake_pages.application, name="application"),
    path("visit/applications/<uuid:application_id>/settle", intake_pages.settle, name="settle"),
    path("visit/applications/<uuid:application_id>/present", intake_pages.present, name="present"),
    path("visit/cases/<uuid:case_id>/correct", intake_pages.correct, name="correct"),
    path("visit/receipts/<uuid:receipt_id>", intake_pages.receipt, name="receipt"),
    path("visit/no-suggestions", intake_pages.no_nudges, name="no_nudges"),
    path("visit/receipts/<uuid:receipt_id>.pdf", intake_pages.receipt_file, name="receipt_file"),
    path("second-screen", serving.second_screen, name="second_screen"),
    path("outcomes", results.outcomes, name="outcomes"),
    path("outcomes/<uuid:handout_id>/<slug:name>", results.outcome, name="outcome"),
    path("write-backs", results.write_backs, name="write_backs"),
    path("write-backs/<uuid:paper_id>", results.write_back, name="write_back"),
    path("write-backs/<uuid:paper_id>/scan", results.scan, name="scan"),
]
