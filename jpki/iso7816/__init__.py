"""Commands, responses and data objects of ISO/IEC 7816-4, without any knowledge of a particular card."""
