package dev.countersign.ledger;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
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

    private final StringBuilder out = new StringBuilder(1024);

    private LeafWriter() {}

    static byte[] write(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    static String text(Object value) {
        var writer = new LeafWriter();
        writer.value(value);
        return writer.out.toString();
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
            case Boolean truth -> out.append((boolean) truth);
            case Collection<?> list -> {
                char before = '[';
                for (var element : list) {
                    out.append(before);
                    value(element);
                    before = ',';
                }
                out.append(before == '[' ? "[]" : "]");
            }
            case Map<?, ?> map -> {
                char before = '{';
                for (var member : map.entrySet()) {
                    out.append(before);
                    string((String) member.getKey());
                    out.append(':');
                    value(member.getValue());
                    before = ',';
                }
                out.append(before == '{' ? "{}" : "}");
            }
            default -> throw new IllegalArgumentException("a leaf cannot hold a " + value.getClass());
        }
    }

    private void number(long number) {
        if (number > LARGEST || number < -LARGEST) {
            throw new IllegalArgumentException("a leaf cannot hold the number " + number);
        }
        out.append(number);
    }

    /// What stands as it is, nearly all of it, goes over in runs: beside the signature, this is the dearest part of a
    /// token.
    private void string(String text) {
        out.append('"');
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\') {
                out.append(text, run, i);
                escape(c);
                run = i + 1;
            } else if (Character.isSurrogate(c)) {
                refuseLoneSurrogate(text, i);
            }
        }
        out.append(text, run, text.length()).append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
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
