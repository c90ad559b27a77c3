"""The congress desk: the register of referrals, deputies' stations, the package upwards, the yearly report."""
