"""What the screen of ``jpki verify`` says, and what it must not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from signdesk import sign

from jpki_cli.terminal import width
from jpki_cli.terminal.text import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from clitest import RunCli

#: Revocation, who may tell, and the law (docs/certificates.md, section 4).
WORDS = {
    "en": ("Whether a certificate was revoked", "is not checked", "authorities' services", "minister's approval", "17"),
    "ja": ("失効", "確認していません", "公的なサービス", "大臣の認定", "第17条"),
}
ITEMS = {
    "en": ("Content is unchanged", "Signature", "period when signed", "period now", "Issuer is known", "Key usage"),
    "ja": ("内容の一致", "署名", "署名時の証明書の有効期間", "証明書の現在の有効期間", "知られた発行者", "鍵用途"),
}
LAST = {"en": ("Policy", "Covers the whole file"), "ja": ("ポリシー", "ファイル全体の署名")}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ["a.txt", "contract.pdf"])
@pytest.mark.parametrize("options", [("--allow-test",), ()], ids=["good", "failed"])
def test_each_item_and_what_is_not_checked(
    run_cli: RunCli, tmp_path: Path, contract: Path, language: str, name: str, options: tuple[str, ...]
) -> None:
    """Each item by itself, in 80 columns; never that a certificate is valid; the words of the law whatever came out."""
    (tmp_path / "a.txt").write_bytes(b"content")
    assert sign(run_cli, str(tmp_path / name)).code == 0
    signed = contract.with_name("contract-signed.pdf") if name.endswith(".pdf") else tmp_path / name
    result = run_cli("verify", str(signed), "--lang", language, *options)
    text = re.sub(r"\s+", "" if language == "ja" else " ", result.stdout)

    assert result.code == (0 if options else 7)
    for words in (*WORDS[language], *ITEMS[language], *LAST[language]):
        assert words in text, words
    assert not re.search(r"\bvalid|有効(?!期)", text, re.IGNORECASE)
    assert max(width(line) for line in result.stdout.splitlines()) <= COLUMNS


def test_both_signatures_are_judged_by_themselves(run_cli: RunCli, contract: Path) -> None:
    """The second one's certificate fails; the first one's items stay as they are, with its own heading."""
    assert sign(run_cli, str(contract), "-o", str(contract), "--force").code == 0
    assert sign(run_cli, str(contract), "-o", str(contract), "--force", card="foreign-root").code == 0
    result = run_cli("verify", str(contract), "--allow-test")
    first, second = re.split(r"Signature 2: ", result.stdout)

    assert result.code == 7
    assert first.startswith("Signatures inside the PDF contract.pdf.\nSignature 1: ")
    assert "FAILED" not in first
    assert second.count("FAILED") == 1
    assert re.search(r"FAILED +Issuer is known", second)
