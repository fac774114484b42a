"""Name, address, birth date and sex, and the My Number, from the application 券面事項入力補助."""
