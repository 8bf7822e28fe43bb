package dev.countersign.ledger;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// The one writer of leaves: JSON that has one spelling for every value. Members sorted and unique, strings in NFC,
/// whole numbers only, no white space. What it writes is RFC 8785's form too.
///
/// Leaves are hashed as written and never written again to be checked; [LeafReader] takes this spelling only.
final class LeafWriter {
    /// RFC 8259 §6: beyond 2^53 readers disagree about a number.
    static final long LARGEST = (1L << 53) - 1;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private byte[] out = new byte[1024];
    private int length;

    private LeafWriter() {}

    static byte[] write(Object value) {
        var writer = new LeafWriter();
        writer.value(value);
        return Arrays.copyOf(writer.out, writer.length);
    }

    /// The value as it will stand in the leaf and as [LeafReader] would give it back: members sorted, strings in
    /// NFC, numbers as `Long`.
    ///
    /// @throws IllegalArgumentException when the value cannot stand in a leaf
    static Object normal(Object value) {
        return switch (value) {
            case String text -> normal(text);
            case Integer number -> (long) number;
            case Long number -> number;
            case Boolean truth -> truth;
            case Collection<?> list -> list.stream().map(LeafWriter::normal).toList();
            case Map<?, ?> map -> normal(map);
            default -> throw new IllegalArgumentException("a leaf cannot hold a " + value.getClass());
        };
    }

    static Map<String, Object> normal(Map<?, ?> map) {
        var sorted = new TreeMap<String, Object>();
        map.forEach((name, value) -> {
            if (sorted.put(normal((String) name), normal((Object) value)) != null) {
                throw new IllegalArgumentException("two members are called " + name);
            }
        });
        return java.util.Collections.unmodifiableMap(sorted);
    }

    private static String normal(String text) {
        return isAscii(text) || Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private void value(Object value) {
        switch (value) {
            case String text -> string(text);
            case Long number -> number(number);
            case Boolean truth -> ascii(truth.toString());
            case Collection<?> list -> {
                char before = '[';
                for (var element : list) {
                    ascii(before);
                    value(element);
                    before = ',';
                }
                ascii(before == '[' ? "[]" : "]");
            }
            case Map<?, ?> map -> {
                char before = '{';
                for (var member : map.entrySet()) {
                    ascii(before);
                    string((String) member.getKey());
                    ascii(':');
                    value(member.getValue());
                    before = ',';
                }
                ascii(before == '{' ? "{}" : "}");
            }
            default -> throw new IllegalArgumentException("a leaf cannot hold a " + value.getClass());
        }
    }

    private void number(long number) {
        if (number > LARGEST || number < -LARGEST) {
            throw new IllegalArgumentException("a leaf cannot hold the number " + number);
        }
        ascii(Long.toString(number));
    }

    /// Nearly all text stands as it is, a byte a character, or two for a quotation mark: beside the signature, this
    /// is the dearest part of a token.
    private void string(String text) {
        int chars = text.length();
        reserve(2 * chars + 2);
        int to = length;
        out[to++] = '"';
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x80) {
                length = to;
                bytes(escaped(text, i).getBytes(StandardCharsets.UTF_8));
                return;
            }
            if (c == '"' || c == '\\') {
                out[to++] = '\\';
            }
            out[to++] = (byte) c;
        }
        out[to++] = '"';
        length = to;
    }

    /// The rest of a text, with the quotation mark that ends it.
    private static String escaped(String text, int from) {
        var rest = new StringBuilder(text.length() - from + 16);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> rest.append('\\').append(c);
                case '\b' -> rest.append("\\b");
                case '\f' -> rest.append("\\f");
                case '\n' -> rest.append("\\n");
                case '\r' -> rest.append("\\r");
                case '\t' -> rest.append("\\t");
                default -> {
                    if (c < 0x20) {
                        rest.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
                    } else {
                        refuseLoneSurrogate(text, i);
                        rest.append(c);
                    }
                }
            }
        }
        return rest.append('"').toString();
    }

    private void ascii(char c) {
        reserve(1);
        out[length++] = (byte) c;
    }

    private void ascii(String text) {
        bytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void bytes(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
    }

    private void reserve(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
        }
    }

    private static void refuseLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        boolean alone = Character.isHighSurrogate(c)
                ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
        if (alone) {
            throw new IllegalArgumentException("half a character cannot be written");
        }
    }
}
