package dev.countersign.config;

import org.snakeyaml.engine.v2.common.ScalarStyle;

/// Where each character of a scalar stands in its file, so that a fault inside a condition is told at its own column
/// whichever way the scalar is quoted or folded.
///
final class Spots {
    private final String file;
    private final int[] source;
    private final int from;
    private final ScalarStyle style;
    private final String text;

    /// @param source the whole file, as code points
    /// @param from where the scalar starts in it: at its quote, or at the `|` or `>` of a block
    Spots(String file, int[] source, int from, ScalarStyle style, String text) {
        this.file = file;
        this.source = source;
        this.from = from;
        this.style = style;
        this.text = text;
    }

    /// Where a line and a column of the text stand, both from 1, columns in code points.
    Place at(int line, int column) {
        var lines = text.split("\n", -1);
        int offset = column - 1;
        for (int i = 0; i < Math.min(line - 1, lines.length); i++) {
            offset += lines[i].codePointCount(0, lines[i].length()) + 1;
        }
        return at(offset);
    }

    /// @param offset in code points of the text; one past its end is where the text ends
    private Place at(int offset) {
        var walk = new Walk(start());
        int[] wanted = text.codePoints().toArray();
        for (int i = 0; i < Math.min(offset, wanted.length); i++) {
            walk.past(wanted[i]);
        }
        if (offset < wanted.length && !blank(wanted[offset])) {
            walk.toInk();
        }
        return place(walk.index);
    }

    /// The first character of the text itself.
    private int start() {
        return switch (style) {
            case PLAIN, JSON_SCALAR_STYLE -> from;
            case SINGLE_QUOTED, DOUBLE_QUOTED -> from + 1;
            case LITERAL, FOLDED -> afterLine(from);
        };
    }

    private int afterLine(int index) {
        while (index < source.length && source[index] != '\n') {
            index++;
        }
        return index + 1;
    }

    Place place(int index) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(index, source.length); i++) {
            if (source[i] == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new Place(file, line, column);
    }

    private static boolean blank(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /// Goes through text and source side by side. Only blanks differ between them (folding, indentation) and what
    /// the two quoted styles escape.
    private final class Walk {
        private int index;

        Walk(int index) {
            this.index = index;
        }

        void past(int c) {
            if (blank(c)) {
                if (index < source.length && (source[index] == c || escape())) {
                    index += width();
                }
                return;
            }
            toInk();
            index += width();
        }

        /// Skips blanks, and in double quotes the backslash that ends a line.
        void toInk() {
            while (index < source.length && (blank(source[index]) || endsLine())) {
                index++;
            }
        }

        private boolean endsLine() {
            return escape() && index + 1 < source.length && (source[index + 1] == '\n' || source[index + 1] == '\r');
        }

        private boolean escape() {
            return style == ScalarStyle.DOUBLE_QUOTED && index < source.length && source[index] == '\\';
        }

        /// How many characters of the source make the one here.
        private int width() {
            if (style == ScalarStyle.SINGLE_QUOTED && index < source.length && source[index] == '\'') {
                return 2;
            }
            if (!escape() || index + 1 >= source.length) {
                return 1;
            }
            return switch (source[index + 1]) {
                case 'x' -> 4;
                case 'u' -> 6;
                case 'U' -> 10;
                default -> 2;
            };
        }
    }
}
