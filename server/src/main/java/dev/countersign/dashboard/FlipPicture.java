package dev.countersign.dashboard;

import dev.countersign.replay.Flips;
import dev.countersign.replay.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// What came of a backtest as a picture (SVG 1.1): how decisions were divided, over how they would be. It refers to
/// nothing outside, and whoever does not see it hears the numbers. A page gives it the colors of its theme.
///
/// @param title what was tried on what
/// @param words the same as the bars, for who does not see them
/// @param caption the title to be seen, where the picture stands by itself; empty in a page, which says it
/// @param keys what the colors mean
public record FlipPicture(
        int width, int height, int margin, String title, String words, String caption, List<Bar> bars, List<Key> keys) {
    private static final int NAMES = 70;
    private static final int BAR = 28;
    private static final int GAP = 10;
    private static final int STEP = 82;

    /// All decisions, by one of the policies.
    public record Bar(String name, int y, List<Share> shares) {}

    /// Those of one verdict.
    ///
    /// @param color where nobody gives it another
    public record Share(String verdict, String color, String x, String width, String said) {}

    /// What a color means.
    public record Key(String verdict, String color, int x, int y) {}

    /// As a file by itself.
    public static String file(Flips.Cells cells, String title) {
        return new Renderer()
                        .picture(new Drawing(cells, 710, 8, 36).of(title, title))
                        .strip() + "\n";
    }

    static FlipPicture inPage(Flips.Cells cells) {
        return new Drawing(cells, 300, 0, 2).of("What was said, and what would be", "");
    }

    /// @param top where the bars begin
    private record Drawing(Flips.Cells cells, int width, int margin, int top) {
        FlipPicture of(String title, String caption) {
            int below = top + 2 * (BAR + GAP) + 4;
            var keys = new ArrayList<Key>();
            for (var word : Word.values()) {
                keys.add(new Key(word.word(), color(word), margin + NAMES + STEP * keys.size(), below));
            }
            var bars = List.of(bar("was", top, this::was), bar("would be", top + BAR + GAP, this::now));
            return new FlipPicture(width, below + 18, margin, title, words(), caption, bars, List.copyOf(keys));
        }

        private Bar bar(String name, int y, ToLongFunction<Word> count) {
            long all = Arrays.stream(Word.values()).mapToLong(count).sum();
            var shares = new ArrayList<Share>();
            double x = margin + NAMES;
            for (var word : Word.values()) {
                long number = count.applyAsLong(word);
                if (number > 0) {
                    double part = (double) (width - 2 * margin - NAMES) * number / all;
                    shares.add(new Share(
                            word.word(),
                            color(word),
                            Numbers.decimal(x),
                            Numbers.decimal(part),
                            name + " " + word.word() + ": " + number));
                    x += part;
                }
            }
            return new Bar(name, y, List.copyOf(shares));
        }

        private long was(Word word) {
            return Arrays.stream(Word.values())
                    .mapToLong(it -> cells.count(word, it))
                    .sum();
        }

        private long now(Word word) {
            return Arrays.stream(Word.values())
                    .mapToLong(it -> cells.count(it, word))
                    .sum();
        }

        private String words() {
            var said = Arrays.stream(Word.values())
                    .flatMap(was -> Arrays.stream(Word.values())
                            .filter(now -> cells.count(was, now) > 0)
                            .map(now -> was.word() + " would be " + now.word() + ": " + cells.count(was, now) + "."))
                    .collect(Collectors.joining(" "));
            return said.isEmpty() ? "No decision to compare." : said;
        }
    }

    /// Told apart without red and green, and by those who see no colors by how light they are.
    private static String color(Word word) {
        return switch (word) {
            case APPROVE -> "#9ecae1";
            case REVIEW -> "#fdae6b";
            case DENY -> "#54278f";
        };
    }
}
