"""Referrals to who can change a rule, deputies' stations, packages upwards, and the year told to the congress."""
