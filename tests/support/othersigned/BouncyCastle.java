import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.CMSSignedGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Signs a file in the ways that BouncyCastle has; scripts/make-other-signatures runs it. */
public class BouncyCastle {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        byte[] content = Files.readAllBytes(folder.resolve("content"));
        write(folder, "bouncycastle-detached.p7s", whole(content, "rsa", "SHA256withRSA", false));
        write(folder, "bouncycastle-attached.p7m", whole(content, "rsa", "SHA512withRSA", true));
        write(folder, "bouncycastle-streamed.p7m", streamed(content, "rsa", "SHA256withRSA", true));
        write(folder, "bouncycastle-pss.p7s", whole(content, "rsa", "SHA256withRSAandMGF1", false));
        write(folder, "bouncycastle-ecdsa.p7s", whole(content, "ec", "SHA384withECDSA", false));
    }

    private static void write(Path folder, String name, byte[] data) throws Exception {
        Files.write(folder.resolve(name), data);
    }

    private static byte[] whole(byte[] content, String key, String algorithm, boolean attached) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        add(generator, key, algorithm);
        return generator.generate(new CMSProcessableByteArray(content), attached).getEncoded();
    }

    private static byte[] streamed(byte[] content, String key, String algorithm, boolean attached) throws Exception {
        CMSSignedDataStreamGenerator generator = new CMSSignedDataStreamGenerator();
        add(generator, key, algorithm);
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        try (OutputStream stream = generator.open(made, attached)) {
            stream.write(content);
        }
        return made.toByteArray();
    }

    private static void add(CMSSignedGenerator generator, String key, String algorithm) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var file = Files.newInputStream(Path.of(key + ".p12"))) {
            store.load(file, "TEST".toCharArray());
        }
        PrivateKey secret = (PrivateKey) store.getKey("test", "TEST".toCharArray());
        X509Certificate certificate = (X509Certificate) store.getCertificate("test");
        BouncyCastleProvider provider = new BouncyCastleProvider();
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        Date time = Date.from(java.time.Instant.parse("2026-06-01T00:00:00Z"));
        attributes.add(new Attribute(CMSAttributes.signingTime, new DERSet(new Time(time))));
        SignerInfoGenerator signer =
            new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider(provider).build())
                .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes)))
                .build(new JcaContentSignerBuilder(algorithm).setProvider(provider).build(secret), certificate);
        generator.addSignerInfoGenerator(signer);
        generator.addCertificates(new JcaCertStore(List.of(certificate)));
    }
}
