"""The department: inbox, case, decision."""
