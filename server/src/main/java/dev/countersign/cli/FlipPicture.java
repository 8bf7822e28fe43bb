package dev.countersign.cli;

import dev.countersign.replay.Flips;
import dev.countersign.replay.Word;
import java.util.Locale;
import java.util.function.ToLongFunction;

/// What came of a backtest as a picture by itself (SVG 1.1): how decisions were divided, over how they would be. It
/// refers to nothing outside, and whoever does not see it hears the numbers.
final class FlipPicture {
    private static final int WIDTH = 600;
    private static final int LEFT = 90;
    private static final int BAR = 28;

    private FlipPicture() {}

    /// @param title what was tried on what
    static String of(Flips flips, String title) {
        var svg = new StringBuilder();
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 710 150" role="img" font-family="system-ui, sans-serif" font-size="13">
                <title>%s</title>
                <desc>%s</desc>
                <rect width="710" height="150" fill="#ffffff"/>
                <text x="8" y="22" fill="#1a1a1a">%s</text>
                """.formatted(escaped(title), words(flips), escaped(title)));
        bar(svg, "was", 36, flips, it -> was(flips, it));
        bar(svg, "would be", 36 + BAR + 10, flips, it -> now(flips, it));
        int x = LEFT;
        for (var word : Word.values()) {
            svg.append("<rect x=\"%d\" y=\"120\" width=\"12\" height=\"12\" fill=\"%s\"/>".formatted(x, color(word)));
            svg.append("<text x=\"%d\" y=\"131\" fill=\"#1a1a1a\">%s</text>\n".formatted(x + 18, word.word()));
            x += 100;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, String name, int y, Flips flips, ToLongFunction<Word> count) {
        svg.append("<text x=\"8\" y=\"%d\" fill=\"#1a1a1a\">%s</text>\n".formatted(y + 19, name));
        double x = LEFT;
        for (var word : Word.values()) {
            long number = count.applyAsLong(word);
            if (number > 0) {
                double width = (double) WIDTH * number / flips.compared();
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\"><title>%s %s: %d</title></rect>%n",
                        x,
                        y,
                        width,
                        BAR,
                        color(word),
                        name,
                        word.word(),
                        number));
                x += width;
            }
        }
    }

    private static long was(Flips flips, Word word) {
        long all = 0;
        for (var now : Word.values()) {
            all += flips.count(word, now);
        }
        return all;
    }

    private static long now(Flips flips, Word word) {
        long all = 0;
        for (var was : Word.values()) {
            all += flips.count(was, word);
        }
        return all;
    }

    private static String words(Flips flips) {
        var said = new StringBuilder();
        for (var was : Word.values()) {
            for (var now : Word.values()) {
                if (flips.count(was, now) > 0) {
                    said.append("%s would be %s: %d. ".formatted(was.word(), now.word(), flips.count(was, now)));
                }
            }
        }
        return said.isEmpty() ? "No decision to compare." : said.toString().strip();
    }

    /// Told apart without red and green, and by those who see no colors by how light they are.
    private static String color(Word word) {
        return switch (word) {
            case APPROVE -> "#9ecae1";
            case REVIEW -> "#fdae6b";
            case DENY -> "#54278f";
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
