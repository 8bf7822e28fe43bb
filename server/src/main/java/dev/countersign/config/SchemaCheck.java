package dev.countersign.config;

import dev.countersign.config.Shape.Presence;
import dev.countersign.config.Shape.Section;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Holds what is written against the schema: every key known, every value of its shape, nothing missing.
final class SchemaCheck {
    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\$\\{env:[A-Za-z_][A-Za-z0-9_]*}");

    private final Faults faults;

    SchemaCheck(Faults faults) {
        this.faults = faults;
    }

    /// @param subject what the value is of, for the sentence: "`owner` of a client"
    void check(Piece piece, Shape shape, String subject) {
        if (piece instanceof Piece.Scalar scalar && scalar.kind() == Piece.Kind.UNREAD) {
            return;
        }
        if (piece instanceof Piece.Scalar scalar && scalar.kind() == Piece.Kind.NOTHING) {
            faults.add(piece.at(), subject + " has no value; write one, or take the key out");
            return;
        }
        switch (shape) {
            case Shape.Text(var form) -> text(piece, form, subject);
            case Shape.Choice choice -> choice(piece, choice, subject);
            case Shape.Whole whole -> whole(piece, whole, subject);
            case Shape.Flag() -> flag(piece, subject);
            case Shape.Span span -> span(piece, span, subject);
            case Shape.Secret() -> secret(piece, subject);
            case Shape.Condition() -> condition(piece, subject);
            case Shape.SetOf(var of) -> set(piece, of, subject);
            case Shape.ListOf(var of) -> list(piece, subject).forEach(item -> section(item, of));
            case Shape.Things(var by, var of) -> things(piece, by, of, subject);
            case Shape.MapOf map -> map(piece, map, subject);
            case Section section -> section(piece, section);
            case Shape.Open() -> {
                if (!(piece instanceof Piece.Entries)) {
                    wrong(piece, subject, "a map");
                }
            }
            case Shape.JsonFile() -> {
                if (!(piece instanceof Piece.Entries)) {
                    text(piece, Form.LINE, subject);
                }
            }
        }
    }

    private void section(Piece piece, Section section) {
        if (!(piece instanceof Piece.Entries entries)) {
            wrong(piece, section.title(), "a map");
            return;
        }
        var known = section.keys().stream()
                .filter(key -> key.presence() != Presence.LATER)
                .map(Shape.Key::name)
                .toList();
        for (var entry : entries.entries()) {
            section.key(entry.key())
                    .ifPresentOrElse(
                            key -> known(entry, key, section),
                            () -> faults.add(
                                    entry.at(),
                                    "`" + entry.key() + "` is no key of " + section.title()
                                            + Spelling.hint(entry.key(), known)));
        }
        for (var key : section.keys()) {
            if (key.presence() == Presence.REQUIRED && entries.entry(key.name()).isEmpty()) {
                faults.add(entries.at(), section.title() + " needs `" + key.name() + "`" + example(key));
            }
        }
    }

    private static String example(Shape.Key key) {
        return key.example().isEmpty() ? "" : ", such as `" + key.name() + ": " + key.example() + "`";
    }

    private void known(Piece.Entry entry, Shape.Key key, Section section) {
        if (key.presence() == Presence.LATER) {
            faults.add(
                    entry.at(),
                    "`" + key.name() + "` of " + section.title() + " is not in this version yet; take it out");
        } else {
            check(entry.value(), key.shape(), "`" + key.name() + "` of " + section.title());
        }
    }

    private void text(Piece piece, Form form, String subject) {
        if (!(piece instanceof Piece.Scalar scalar)) {
            wrong(piece, subject, "a text");
        } else if (FROM_ENVIRONMENT.matcher(scalar.text()).find()) {
            faults.add(piece.at(), subject + " cannot come from the environment, only secrets can; write it here");
        } else if (scalar.kind() != Piece.Kind.TEXT) {
            faults.add(piece.at(), subject + " is a text, and YAML reads " + piece.looks() + " here; put it in quotes");
        } else {
            form.problem(scalar.text()).ifPresent(it -> faults.add(piece.at(), subject + ": " + it));
        }
    }

    private void choice(Piece piece, Shape.Choice choice, String subject) {
        if (!(piece instanceof Piece.Scalar scalar)) {
            wrong(piece, subject, "a word");
        } else if (choice.later().contains(scalar.text())) {
            faults.add(
                    piece.at(),
                    subject + ": `" + scalar.text() + "` is not in this version yet; there is "
                            + String.join(
                                    ", ",
                                    choice.words().stream()
                                            .map(it -> "`" + it + "`")
                                            .toList()));
        } else if (!choice.words().contains(scalar.text())) {
            faults.add(
                    piece.at(),
                    subject + " cannot be `" + scalar.text() + "`" + Spelling.hint(scalar.text(), choice.words()));
        }
    }

    private void whole(Piece piece, Shape.Whole whole, String subject) {
        boolean good = piece instanceof Piece.Scalar scalar
                && scalar.kind() == Piece.Kind.INTEGER
                && scalar.text().matches("[0-9]{1,18}")
                && new BigInteger(scalar.text()).compareTo(BigInteger.valueOf(whole.least())) >= 0
                && new BigInteger(scalar.text()).compareTo(BigInteger.valueOf(whole.most())) <= 0;
        if (!good) {
            wrong(piece, subject, "a whole number from " + whole.least() + " to " + whole.most());
        }
    }

    private void flag(Piece piece, String subject) {
        if (!(piece instanceof Piece.Scalar scalar && scalar.kind() == Piece.Kind.FLAG)) {
            wrong(piece, subject, "true or false");
        }
    }

    private void span(Piece piece, Shape.Span span, String subject) {
        var length = piece instanceof Piece.Scalar scalar ? Units.duration(scalar.text()) : Optional.<Duration>empty();
        if (length.isEmpty()) {
            wrong(piece, subject, "a length of time with its unit, such as 90s, 15m, 8h or 30d");
        } else if (length.get().compareTo(span.least()) < 0 || length.get().compareTo(span.most()) > 0) {
            faults.add(
                    piece.at(),
                    subject + " must be from " + Units.written(span.least()) + " to " + Units.written(span.most()));
        }
    }

    private void secret(Piece piece, String subject) {
        var wanted = "; put it into a file of its own and write `{ file: PATH }`";
        switch (piece) {
            case Piece.Scalar scalar -> {
                boolean named = FROM_ENVIRONMENT.matcher(scalar.text()).matches();
                var wrong = named
                        ? " from the environment is not in this version yet"
                        : " is a secret and never written here";
                faults.add(piece.at(), subject + wrong + wanted);
            }
            case Piece.Items _ -> wrong(piece, subject, "`{ file: PATH }`");
            case Piece.Entries _ -> section(piece, Shape.FILE);
        }
    }

    private void condition(Piece piece, String subject) {
        if (!(piece instanceof Piece.Scalar scalar)) {
            wrong(piece, subject, "a condition in CEL");
        } else if (scalar.text().isBlank() || scalar.text().length() > 10_000) {
            faults.add(piece.at(), subject + " must be a condition in CEL of at most 10000 characters");
        }
    }

    private void set(Piece piece, Shape of, String subject) {
        Map<String, Place> seen = new HashMap<>();
        for (var item : list(piece, subject)) {
            check(item, of, "each of " + subject);
            if (item instanceof Piece.Scalar scalar) {
                twice(seen, scalar, () -> "take one of the two out");
            }
        }
    }

    private void things(Piece piece, String by, Section of, String subject) {
        Map<String, Place> seen = new HashMap<>();
        for (var item : list(piece, subject)) {
            section(item, of);
            if (item instanceof Piece.Entries entries && entries.get(by).orElse(null) instanceof Piece.Scalar scalar) {
                twice(seen, scalar, () -> "give one of the two another `" + by + "`");
            }
        }
    }

    private void twice(Map<String, Place> seen, Piece.Scalar scalar, Supplier<String> remedy) {
        var earlier = seen.putIfAbsent(scalar.text(), scalar.at());
        if (earlier != null) {
            faults.add(scalar.at(), "`" + scalar.text() + "` is already at " + earlier + "; " + remedy.get());
        }
    }

    private void map(Piece piece, Shape.MapOf map, String subject) {
        if (!(piece instanceof Piece.Entries entries)) {
            wrong(piece, subject, "a map");
            return;
        }
        for (var entry : entries.entries()) {
            map.name().problem(entry.key()).ifPresent(it -> faults.add(entry.at(), "`" + entry.key() + "`: " + it));
            check(entry.value(), map.of(), "`" + entry.key() + "` in " + subject);
        }
    }

    private List<Piece> list(Piece piece, String subject) {
        if (piece instanceof Piece.Items items) {
            return items.items();
        }
        wrong(piece, subject, "a list");
        return new ArrayList<>();
    }

    private void wrong(Piece piece, String subject, String wanted) {
        faults.add(piece.at(), subject + " must be " + wanted + ", and this is " + seen(piece));
    }

    private static String seen(Piece piece) {
        return piece instanceof Piece.Scalar scalar
                        && scalar.text().length() <= 40
                        && !scalar.text().contains("\n")
                ? "`" + scalar.text() + "`"
                : piece.looks();
    }
}
