"""The types of what commands print as JSON, from which docs/schema is written; at run time nothing loads them."""
