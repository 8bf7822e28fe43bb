package dev.countersign.ledger;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what [LeafWriter] writes, and nothing else: another spelling of the same JSON is refused, so that no two
/// leaves mean the same and no reader can be made to see what another does not.
final class LeafReader {
    private static final int DEEPEST = 32;

    private final String text;
    private final boolean normalized;
    private int at;

    private LeafReader(String text, boolean normalized) {
        this.text = text;
        this.normalized = normalized;
    }

    /// The value: `String`, `Long`, `Boolean`, `List` or `Map`.
    ///
    /// @throws IllegalArgumentException when the bytes are anything else
    static Object read(byte[] bytes) {
        return read(new LeafReader(Note.utf8(bytes), true));
    }

    /// The same for a disclosure, whose text stands as it was given.
    static Object readAsIs(String text) {
        return read(new LeafReader(text, false));
    }

    private static Object read(LeafReader reader) {
        var value = reader.value(0);
        if (reader.at != reader.text.length()) {
            throw reader.unexpected();
        }
        return value;
    }

    private Object value(int depth) {
        if (depth > DEEPEST) {
            throw unexpected();
        }
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        at++;
        var members = new LinkedHashMap<String, Object>();
        var last = "";
        while (peek() != '}') {
            if (!members.isEmpty()) {
                expect(',');
            }
            var name = string();
            if (!members.isEmpty() && name.compareTo(last) <= 0) {
                throw unexpected();
            }
            expect(':');
            members.put(name, value(depth + 1));
            last = name;
        }
        at++;
        return Collections.unmodifiableMap(members);
    }

    private List<Object> array(int depth) {
        at++;
        var elements = new ArrayList<Object>();
        while (peek() != ']') {
            if (!elements.isEmpty()) {
                expect(',');
            }
            elements.add(value(depth + 1));
        }
        at++;
        return Collections.unmodifiableList(elements);
    }

    private Object word(String word, boolean value) {
        if (!text.startsWith(word, at)) {
            throw unexpected();
        }
        at += word.length();
        return value;
    }

    private Long number() {
        int from = at;
        if (peek() == '-') {
            at++;
        }
        int digits = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        boolean canonical = at > digits && at - digits <= 16 && (text.charAt(digits) != '0' || at - from == 1);
        if (!canonical) {
            throw unexpected();
        }
        long number = Long.parseLong(text, from, at, 10);
        if (number > LeafWriter.LARGEST || number < -LeafWriter.LARGEST) {
            throw unexpected();
        }
        return number;
    }

    private String string() {
        expect('"');
        int plain = at;
        while (peek() != '"' && peek() != '\\') {
            refuseControl();
            at++;
        }
        if (peek() == '"') {
            return checked(text.substring(plain, at++));
        }
        var unescaped = new StringBuilder(text.substring(plain, at));
        while (peek() != '"') {
            refuseControl();
            unescaped.append(peek() == '\\' ? escape() : text.charAt(at++));
        }
        at++;
        return checked(unescaped.toString());
    }

    /// Each string by itself: in the whole text the `n` of an escape would compose with a mark that follows it.
    private String checked(String string) {
        if (normalized && !LeafWriter.isAscii(string) && !Normalizer.isNormalized(string, Normalizer.Form.NFC)) {
            throw unexpected();
        }
        return string;
    }

    private char escape() {
        at++;
        char kind = peek();
        at++;
        return switch (kind) {
            case '"', '\\' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> control();
            default -> throw unexpected();
        };
    }

    /// Two hexadecimal digits after `00` spell the control characters that have no shorter one.
    private char control() {
        if (at + 4 > text.length() || !text.startsWith("00", at)) {
            throw unexpected();
        }
        int high = "01".indexOf(text.charAt(at + 2));
        int low = "0123456789abcdef".indexOf(text.charAt(at + 3));
        if (high < 0 || low < 0 || "\b\f\n\r\t".indexOf((char) (high << 4 | low)) >= 0) {
            throw unexpected();
        }
        at += 4;
        return (char) (high << 4 | low);
    }

    private void refuseControl() {
        if (peek() < 0x20) {
            throw unexpected();
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw unexpected();
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw unexpected();
        }
        at++;
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("not the canonical JSON of a leaf, at character " + at);
    }
}
