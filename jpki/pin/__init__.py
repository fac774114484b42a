"""The one way in which a PIN is judged, presented once and changed, and what is true of it afterwards."""
