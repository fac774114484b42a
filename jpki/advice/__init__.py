"""What a holder can do about what was observed: rules as data, identified by codes."""
