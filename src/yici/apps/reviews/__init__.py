"""Reviews (好差评) of cases, tickets and visits: given, handled when bad, and published as figures."""
