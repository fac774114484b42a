"""A cause of the doctor that is half added: the failure names the file that lacks something."""

import ast

from diagnosisnames import missing


def test_scan_names_the_file() -> None:
    """A record that was forgotten belongs into the causes of its subject, a function into the detectors."""
    source = (
        "from jpki.diagnosis.detectors import card\n"
        "x = (card.nothing, ComputerCause.NOTHING, card.application, CardCause.BAD_DATA)\n"
    )
    assert list(missing(ast.parse(source))) == [
        ("jpki/diagnosis/detectors/card.py", "card.nothing"),
        ("jpki/diagnosis/causes/computer.py", "ComputerCause.NOTHING"),
    ]
