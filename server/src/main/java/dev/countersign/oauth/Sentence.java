package dev.countersign.oauth;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The title of a details type, ready to be filled in: `Refund {amount} {currency} on order {order}`. A dot leads into
/// a member's members: `{database.name}`.
///
/// The words around the values are the resource owner's; the values are the client's, and must not be able to pass for
/// the words. So a value is inert, and stands in quotes unless it is plainly one word.
record Sentence(List<Piece> pieces) {
    /// Longest value and longest list that are spelt out; the details themselves are always shown in full elsewhere.
    private static final int VALUE = 80;

    private static final int LIST = 5;

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._:/@#+*-]*");

    /// Words as they stand, or the value of a member.
    sealed interface Piece {
        record Words(String text) implements Piece {}

        record Member(List<String> path) implements Piece {}
    }

    /// Reads a title; every fault in it is reported.
    static Sentence read(String title, JsonNode schema, Consumer<String> fault) {
        if (title.isBlank() || title.length() > 200 || !title.equals(ClientText.inert(title))) {
            fault.accept("a title is up to 200 visible characters on one line");
        }
        var pieces = new ArrayList<Piece>();
        var places = PLACE.matcher(title);
        int from = 0;
        while (places.find()) {
            pieces.add(new Piece.Words(title.substring(from, places.start())));
            from = places.end();
            var path = List.of(places.group(1).split("\\.", -1));
            if (!known(path, schema)) {
                fault.accept("{" + places.group(1) + "} is no member by the schema's properties");
            }
            pieces.add(new Piece.Member(path));
        }
        pieces.add(new Piece.Words(title.substring(from)));
        if (pieces.stream().anyMatch(it -> it instanceof Piece.Words(var text) && text.matches(".*[{}].*"))) {
            fault.accept("a brace is not closed or not opened");
        }
        return new Sentence(List.copyOf(pieces));
    }

    private static boolean known(List<String> path, JsonNode schema) {
        var at = schema;
        for (var name : path) {
            at = at.path("properties").path(name);
        }
        return !at.isMissingNode();
    }

    String of(JsonNode object) {
        return pieces.stream()
                .map(piece -> switch (piece) {
                    case Piece.Words(var text) -> text;
                    case Piece.Member(var path) -> member(path, object);
                })
                .collect(Collectors.joining());
    }

    private static String member(List<String> path, JsonNode object) {
        var at = object;
        for (var name : path) {
            at = at.path(name);
        }
        return at.isMissingNode() || at.isNull() ? "(no " + path.getLast() + ")" : shown(at);
    }

    /// A value as a sentence shows it.
    static String shown(JsonNode value) {
        if (value.isString()) {
            return quoted(value.stringValue());
        }
        if (value.isNumber()) {
            return plain(value.decimalValue());
        }
        if (value.isArray()) {
            var some = value.valueStream().limit(LIST).map(Sentence::shown).collect(Collectors.joining(", "));
            return value.isEmpty()
                    ? "(none)"
                    : value.size() <= LIST ? some : some + " and " + (value.size() - LIST) + " more";
        }
        return value.isBoolean() ? value.toString() : quoted(value.toString());
    }

    private static String plain(BigDecimal number) {
        return Math.abs(number.scale()) > 20 ? number.toString() : number.toPlainString();
    }

    private static String quoted(String value) {
        var shown = ClientText.inert(value, VALUE);
        var marked = WORD.matcher(shown).matches()
                ? shown
                : "“" + shown.replace('“', '"').replace('”', '"') + "”";
        return value.codePoints().anyMatch(Sentence::rightToLeft) ? "\u2068" + marked + "\u2069" : marked;
    }

    /// Right-to-left letters pull their neighbours along, so that the words after them change places. Such a value is
    /// isolated, Unicode Standard Annex 9 §2.7; the isolates are ours, the value's own have been made visible.
    private static boolean rightToLeft(int c) {
        return switch (Character.getDirectionality(c)) {
            case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
                    Character.DIRECTIONALITY_ARABIC_NUMBER -> true;
            default -> false;
        };
    }
}
