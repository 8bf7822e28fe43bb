package dev.countersign.oauth;

import java.text.Normalizer;

/// Text that clients write for people: what is taken, and how any of it is shown.
///
/// Whoever asks also writes the words beside the approve button, so their text is an attack surface: overrides that
/// turn a sentence around, characters that are not seen, lines that look like ours. Two rules follow. What has no
/// honest use in a reason is refused when it comes in, and everything a client sent (details too, which may hold any
/// character) is shown through [#inert].
public final class ClientText {
    /// The most characters of a `reason`, counted as code points after white space is folded.
    public static final int REASON = 500;

    /// The most characters of a `ticket`.
    public static final int TICKET = 100;

    /// Marks beyond this many on one letter would climb into the lines above.
    private static final int MARKS = 4;

    private static final int ZWNJ = 0x200C;
    private static final int ZWJ = 0x200D;

    private ClientText() {}

    /// The `reason` parameter as it is stored.
    ///
    /// @throws Refusal `invalid_request`
    public static String reason(String text) {
        return take("reason", text, REASON);
    }

    /// The `ticket` parameter as it is stored.
    ///
    /// @throws Refusal `invalid_request`
    public static String ticket(String text) {
        return take("ticket", text, TICKET);
    }

    /// Normalised: Unicode NFC, each run of white space (line breaks and tabs too) one space, none at the ends.
    /// Refused: other control characters, bidirectional controls and all other invisible format characters but the
    /// two joiners that words and emoji are written with, lone surrogates, and what is too long.
    private static String take(String name, String text, int most) {
        if (!text.codePoints().allMatch(ClientText::honest)) {
            throw Refusal.of(ErrorCode.INVALID_REQUEST, name + " has control or invisible characters");
        }
        var folded = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFC).codePoints().forEach(c -> {
            if (!space(c)) {
                folded.appendCodePoint(c);
            } else if (!folded.isEmpty() && folded.charAt(folded.length() - 1) != ' ') {
                folded.append(' ');
            }
        });
        var taken = folded.toString().strip();
        if (taken.codePointCount(0, taken.length()) > most) {
            throw Refusal.of(ErrorCode.INVALID_REQUEST, name + " is longer than " + most + " characters");
        }
        return taken;
    }

    private static boolean honest(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c == '\t' || c == '\n' || c == '\r';
            case Character.FORMAT -> c == ZWNJ || c == ZWJ;
            case Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static boolean space(int c) {
        return c == '\t' || c == '\n' || c == '\r' || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    /// Any text as people may see it: one line in which nothing is hidden and nothing acts. Line breaks show
    /// as `↵`, tabs as `⇥`, and what is invisible or would turn text around as its code point, `⟨U+202E⟩`.
    /// The result is plain text, which a page still has to escape.
    public static String inert(String text) {
        var shown = new StringBuilder(text.length());
        int before = 0;
        int marks = 0;
        for (int c : text.codePoints().toArray()) {
            marks = mark(c) ? marks + 1 : 0;
            if (c == '\n' || c == '\r') {
                shown.append(c == '\n' && before == '\r' ? "" : "↵");
            } else if (c == '\t') {
                shown.append('⇥');
            } else if (Character.getType(c) == Character.SPACE_SEPARATOR) {
                shown.append(' ');
            } else if (hidden(c) || marks > MARKS || (presentation(c) && presentation(before))) {
                shown.append("⟨U+%04X⟩".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
            before = c;
        }
        return shown.toString();
    }

    /// The same, of at most `most` characters of the text; `…` stands for the rest.
    public static String inert(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? inert(text)
                : inert(text.substring(0, text.offsetByCodePoints(0, most))) + "…";
    }

    private static boolean mark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    /// U+FE0E and U+FE0F choose between text and emoji form; one after a character is how emoji are written.
    private static boolean presentation(int c) {
        return c == 0xFE0E || c == 0xFE0F;
    }

    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> blank(c);
        };
    }

    /// Letters and marks that draw nothing: grapheme joiner, Hangul and Khmer fillers, Mongolian and other variation
    /// selectors, the Braille blank.
    private static boolean blank(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || (c >= 0x180B && c <= 0x180F)
                || c == 0x2800
                || c == 0x3164
                || (c >= 0xFE00 && c <= 0xFE0D)
                || c == 0xFFA0
                || (c >= 0xE0100 && c <= 0xE01EF);
    }
}
