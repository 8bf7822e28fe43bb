package dev.countersign.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// `application/x-www-form-urlencoded`, strictly: a broken escape or broken UTF-8 is refused, never replaced, so that
/// what is judged is what was sent. So is a NUL, which no text has and some databases will not take.
final class Form {
    /// As many as no honest request has.
    private static final int MAX_FIELDS = 1_000;

    private Form() {}

    /// All pairs, in their order, repeated ones too.
    static List<Field> parse(byte[] bytes) {
        var fields = new ArrayList<Field>();
        int from = 0;
        while (from < bytes.length) {
            int to = indexOf(bytes, '&', from, bytes.length);
            if (to > from) {
                if (fields.size() == MAX_FIELDS) {
                    throw HttpFault.of(413, "there are more than " + MAX_FIELDS + " parameters");
                }
                int equals = indexOf(bytes, '=', from, to);
                fields.add(new Field(decode(bytes, from, equals), decode(bytes, Math.min(equals + 1, to), to)));
            }
            from = to + 1;
        }
        return List.copyOf(fields);
    }

    /// One segment of a path, in which a plus is a plus.
    static String segment(String raw) {
        return raw.indexOf('%') < 0 ? raw : decode(raw.replace("+", "%2B").getBytes(StandardCharsets.UTF_8));
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    private static String decode(byte[] bytes, int from, int to) {
        var text = plain(bytes, from, to)
                ? new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)
                : unescape(bytes, from, to);
        if (text.indexOf(0) >= 0) {
            throw HttpFault.malformed("a parameter has a NUL");
        }
        return text;
    }

    private static boolean plain(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == '%' || bytes[at] == '+' || bytes[at] < 0) {
                return false;
            }
        }
        return true;
    }

    private static String unescape(byte[] bytes, int from, int to) {
        var decoded = ByteBuffer.allocate(to - from);
        for (int at = from; at < to; at++) {
            switch (bytes[at]) {
                case '+' -> decoded.put((byte) ' ');
                case '%' -> {
                    if (at + 2 >= to) {
                        throw HttpFault.malformed("a percent escape is cut off");
                    }
                    decoded.put((byte) (hex(bytes[at + 1]) << 4 | hex(bytes[at + 2])));
                    at += 2;
                }
                default -> decoded.put(bytes[at]);
            }
        }
        return Utf8.decode(decoded.flip()).orElseThrow(() -> HttpFault.malformed("a parameter is not UTF-8"));
    }

    private static int hex(byte digit) {
        int value = Character.digit(digit, 16);
        if (value < 0) {
            throw HttpFault.malformed("a percent escape has no hex digits");
        }
        return value;
    }
}
