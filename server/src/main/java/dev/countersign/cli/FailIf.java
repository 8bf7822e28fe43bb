package dev.countersign.cli;

import dev.countersign.replay.Flips;
import dev.countersign.replay.Word;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// How much of something a backtest may find before it fails: `review->approve > 0`.
record FailIf(String text, String what, boolean orEqual, long limit) {
    private static final Pattern FORM =
            Pattern.compile("\\s*([a-z]+(?:\\s*->\\s*[a-z]+)?)\\s*(>=?)\\s*(\\d{1,15})\\s*");

    static FailIf parse(String text) {
        var form = FORM.matcher(text);
        if (form.matches()) {
            var what = form.group(1).replace(" ", "");
            if (Arrays.asList("loosened", "tightened", "flipped", "withheld", "unreadable")
                            .contains(what)
                    || cell(what).isPresent()) {
                return new FailIf(text.strip(), what, form.group(2).equals(">="), Long.parseLong(form.group(3)));
            }
        }
        throw new TypeConversionException("'" + text
                + "' is no limit: write 'review->approve > 0', or loosened, tightened, flipped, withheld or unreadable"
                + " before the >");
    }

    private record Cell(Word was, Word now) {}

    private static Optional<Cell> cell(String what) {
        var words = what.split("->", -1);
        return words.length == 2
                ? word(words[0]).flatMap(was -> word(words[1]).map(now -> new Cell(was, now)))
                : Optional.empty();
    }

    private static Optional<Word> word(String text) {
        return Arrays.stream(Word.values())
                .filter(it -> it.word().equals(text.strip()))
                .findFirst();
    }

    private long count(Flips flips) {
        return switch (what) {
            case "loosened" -> flips.loosened();
            case "tightened" -> flips.tightened();
            case "flipped" -> flips.flipped();
            case "withheld" -> flips.withheld();
            case "unreadable" -> flips.unreadable();
            default -> cell(what).map(it -> flips.count(it.was(), it.now())).orElse(0L);
        };
    }

    /// Why this fails; empty when it does not.
    Optional<String> fails(Flips flips) {
        long count = count(flips);
        return count > limit || (orEqual && count == limit)
                ? Optional.of("fails, since " + what + " is " + count + " (" + text + ")")
                : Optional.empty();
    }
}
