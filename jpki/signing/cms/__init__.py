"""Signed files: CMS SignedData (RFC 5652) with the attributes of CAdES B-B (ETSI EN 319 122-1)."""
