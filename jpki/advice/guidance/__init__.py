"""What holders are shown by the authorities, line by line: rules as data, identified by their ids."""
