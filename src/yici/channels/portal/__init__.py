"""The citizen: need, plan, application, licences."""
