"""What holders are told by the authorities, line by line: rules as data, told by their ids."""
