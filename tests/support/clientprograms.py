"""What programs are given to use a card: settings of browsers, programs for Java and for LibreOffice's API."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIREFOX_PREFERENCES = {
    "security.default_personal_cert": "Select Automatically",
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.http.speculative-parallel-limit": 0,
}
#: Chromium without a window; a page's text is printed.
CHROMIUM = (
    "chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-quic --ignore-certificate-errors"
)
#: The Python that has LibreOffice's UNO, as Debian has it.
UNO_PYTHON = "/usr/bin/python3"
#: Exports a text as a PDF that is signed with the only certificate there is; written from LibreOffice's API reference.
EXPORT = """
import sys, time, uno
from com.sun.star.beans import PropertyValue

def value(name, of):
    found = PropertyValue()
    found.Name, found.Value = name, of
    return found

local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(300):
    try:
        context = resolver.resolve(f"uno:pipe,name={sys.argv[1]};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.2)
manager = context.ServiceManager
initializer = manager.createInstanceWithContext("com.sun.star.xml.crypto.NSSInitializer", context)
security = initializer.createSecurityContext("")
certificates = security.getSecurityEnvironment().getPersonalCertificates()
print(len(certificates), flush=True)
desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
document = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, (value("Hidden", True),))
document.Text.String = "letter"
filters = (value("SignPDF", True), value("SignatureCertificate", certificates[0]))
options = (
    value("FilterName", "writer_pdf_Export"),
    value("FilterData", uno.Any("[]com.sun.star.beans.PropertyValue", filters)),
)
document.storeToURL("file://" + sys.argv[2], options)
print("stored", flush=True)
desktop.terminate()
"""

#: Lists, signs, and opens a page: arguments are the provider's configuration, the CA of the server, the address.
JAVA = """
import java.net.*; import java.nio.file.*; import java.security.*; import java.security.cert.*; import javax.net.ssl.*;
public class Login {
  public static void main(String[] a) throws Exception {
    Provider p = Security.getProvider("SunPKCS11").configure(a[0]);
    Security.addProvider(p);
    KeyStore ks = KeyStore.getInstance("PKCS11", p);
    ks.load(null, null);
    String alias = null;
    for (String name : java.util.Collections.list(ks.aliases())) if (ks.isKeyEntry(name)) alias = name;
    Signature s = Signature.getInstance("SHA256withRSA", p);
    s.initSign((PrivateKey) ks.getKey(alias, null)); s.update("data".getBytes());
    System.out.println("signed " + s.sign().length + " chain " + ks.getCertificateChain(alias).length);
    KeyManagerFactory k = KeyManagerFactory.getInstance("SunX509"); k.init(ks, null);
    KeyStore trusted = KeyStore.getInstance("PKCS12"); trusted.load(null, null);
    trusted.setCertificateEntry("s", CertificateFactory.getInstance("X.509").generateCertificate(
        Files.newInputStream(Path.of(a[1]))));
    TrustManagerFactory t = TrustManagerFactory.getInstance("PKIX"); t.init(trusted);
    SSLContext c = SSLContext.getInstance("TLS"); c.init(k.getKeyManagers(), t.getTrustManagers(), null);
    HttpsURLConnection u = (HttpsURLConnection) new URL(a[2]).openConnection();
    u.setSSLSocketFactory(c.getSocketFactory());
    System.out.println(new String(u.getInputStream().readAllBytes()));
  }
}
"""


def engine_configuration(module: str, settings: str = "") -> str:
    """A configuration of OpenSSL with its engine for PKCS #11; the first line of ``settings`` names their section."""
    first, _, rest = settings.partition("\n")
    return (
        f"openssl_conf = start\n[start]\nengines = engines\n{first}\n[engines]\npkcs11 = p11\n[p11]\n"
        f"engine_id = pkcs11\nMODULE_PATH = {module}\ninit = 0\n{rest}"
    )


def write_firefox_preferences(profile: Path, more: Mapping[str, str | int] = MappingProxyType({})) -> None:
    """Have Firefox or Thunderbird choose the certificate itself, and look for nothing else on the network."""
    preferences = FIREFOX_PREFERENCES | dict(more)
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="ascii")


def chromium_policy(port: int, issuer: str = "") -> str:
    """The policy by which Chromium takes the certificate that fits, of an issuer's unit, without a question."""
    chosen = {"ISSUER": {"OU": issuer}} if issuer else {}
    rule = json.dumps({"pattern": f"https://localhost:{port}", "filter": chosen})
    return json.dumps({"AutoSelectCertificateForUrls": [rule]})
