"""Signatures inside PDF files: PAdES B-B (ETSI EN 319 142-1), through the library pyHanko.

pyHanko is installed with the extra ``jpki[pdf]``; these modules load it when they are used, and never let it reach for
the network: nothing here builds certificate paths with it.
"""
