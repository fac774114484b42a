"""What is on the chip: the contents of each file, made from the model."""
