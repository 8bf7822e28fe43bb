package dev.countersign.ledger;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a row holds of the disclosures about one subject: whose they are and how they are called, so that they can be
/// named when they are withheld, and the rest encrypted.
///
/// @param keyId which key of the subject's encrypted them
/// @param bytes as [SubjectKey#seal] gave them
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sealed(String keyId, String subject, List<String> names, byte[] bytes) {
    /// The form of a row, in its first byte. The first form was a JSON array, and had that of `[`.
    private static final int FORM = 2;

    /// The column of a row that has these: a form, their number, and each as Java's `DataOutput` writes it, names and
    /// bytes after their number. Empty when there are none.
    static byte[] write(List<Sealed> all) {
        if (all.isEmpty()) {
            return new byte[0];
        }
        var bytes = new ByteArrayOutputStream(512);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            out.writeByte(all.size());
            for (var each : all) {
                each.write(out);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory takes bytes", e);
        }
        return bytes.toByteArray();
    }

    private void write(DataOutputStream out) throws IOException {
        out.writeUTF(keyId);
        out.writeUTF(subject);
        out.writeByte(names.size());
        for (var name : names) {
            out.writeUTF(name);
        }
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// @throws IllegalArgumentException when it is of no form that was ever written
    static List<Sealed> read(byte[] written) {
        if (written.length > 0 && written[0] == '[') {
            return readFirstForm(written);
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(written))) {
            if (in.readUnsignedByte() != FORM) {
                throw new IllegalArgumentException("disclosures of a form that this version cannot read");
            }
            var all = new ArrayList<Sealed>();
            for (int left = in.readUnsignedByte(); left > 0; left--) {
                all.add(read(in));
            }
            return all;
        } catch (IOException e) {
            throw new IllegalArgumentException("disclosures that end too early", e);
        }
    }

    private static Sealed read(DataInputStream in) throws IOException {
        var keyId = in.readUTF();
        var subject = in.readUTF();
        var names = new ArrayList<String>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            names.add(in.readUTF());
        }
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IllegalArgumentException("disclosures that end too early");
        }
        return new Sealed(keyId, subject, names, in.readNBytes(length));
    }

    private static List<Sealed> readFirstForm(byte[] written) {
        var all = new ArrayList<Sealed>();
        for (var element : (List<?>) LeafReader.read(written)) {
            var map = (Map<?, ?>) element;
            all.add(new Sealed(
                    (String) Objects.requireNonNull(map.get("key")),
                    (String) Objects.requireNonNull(map.get("subject")),
                    ((List<?>) Objects.requireNonNull(map.get("names")))
                            .stream().map(String.class::cast).toList(),
                    Base64.getDecoder().decode((String) Objects.requireNonNull(map.get("sealed")))));
        }
        return all;
    }
}
