"""Other platforms file and follow by Open311 GeoReport v2, in XML and JSON: wiki.open311.org/GeoReport_v2."""
