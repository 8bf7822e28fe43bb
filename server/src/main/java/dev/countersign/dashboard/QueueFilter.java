package dev.countersign.dashboard;

import dev.countersign.approval.Seen;
import dev.countersign.approval.Urgency;
import dev.countersign.http.Field;
import dev.countersign.oauth.Risk;
import dev.countersign.people.PersonId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Which requests of the queue are shown. All of it stands in the page's URL; empty strings let everything through.
///
/// @param risk the least risk, as its word
/// @param group one that is asked
/// @param claimed `me` or `nobody`
/// @param mine only what this viewer may decide
/// @param text found in the sentence, the client, the resource, the scopes, the reason or the ticket
/// @param side of which more is shown, `yours` or `others`; empty for the beginning of both
/// @param after behind which request of that side, as [Urgency] has it
public record QueueFilter(
        String risk,
        String client,
        String resource,
        String group,
        String claimed,
        boolean mine,
        String text,
        String side,
        String after) {
    /// The side that is for the viewer to decide.
    static final String YOURS = "yours";

    /// The side that waits for others.
    static final String OTHERS = "others";

    /// The words for who looks into a request.
    public static final List<String> CLAIMED = List.of("me", "nobody");

    /// The risks from which on requests are shown; from the lowest on are all.
    public static final List<Risk> RISKS = List.of(Risk.MEDIUM, Risk.HIGH, Risk.CRITICAL);

    /// One that lets everything through.
    public static final QueueFilter ALL = new QueueFilter("", "", "", "", "", false, "", "", "");

    private static final int LONGEST = 200;

    /// What a URL asks for; what is not known there is left out.
    static QueueFilter of(UnaryOperator<String> query) {
        var after = Urgency.read(query.apply("after")).map(Urgency::text).orElse("");
        var side = after.isEmpty() ? "" : known(query.apply("side"), List.of(YOURS, OTHERS));
        return new QueueFilter(
                known(query.apply("risk"), RISKS.stream().map(Risk::word).toList()),
                cut(query.apply("client")),
                cut(query.apply("resource")),
                cut(query.apply("group")),
                known(query.apply("claimed"), CLAIMED),
                !query.apply("mine").isEmpty(),
                cut(query.apply("q").strip()),
                side,
                side.isEmpty() ? "" : after);
    }

    /// The same of the query as one text, `risk=high&client=x`.
    static QueueFilter parse(String parameters) {
        var fields = Arrays.stream(parameters.split("&", -1))
                .filter(it -> it.contains("="))
                .map(it -> it.split("=", 2))
                .map(it -> new Field(it[0], decode(it[1])))
                .toList();
        return of(name -> fields.stream()
                .filter(it -> it.name().equals(name))
                .map(Field::value)
                .findFirst()
                .orElse(""));
    }

    /// What is no encoding of a text looks for nothing.
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String known(String value, List<String> words) {
        return words.contains(value) ? value : "";
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(LONGEST, text.length()));
    }

    /// True when everything is shown.
    public boolean all() {
        return equals(ALL);
    }

    /// Whether it leaves anything out, wherever it begins.
    public boolean narrows() {
        return !first().all();
    }

    /// The same from the most urgent on.
    public QueueFilter first() {
        return from("", "");
    }

    /// The same of one side, behind a request.
    QueueFilter behind(String side, Urgency it) {
        return from(side, it.text());
    }

    private QueueFilter from(String side, String after) {
        return new QueueFilter(risk, client, resource, group, claimed, mine, text, side, after);
    }

    /// It as the query of a URL; empty when everything is shown.
    public String parameters() {
        return Door.query(values());
    }

    /// A path with it as the query.
    public String on(String path) {
        return all() ? path : path + "?" + parameters();
    }

    private Map<String, String> values() {
        var values = new LinkedHashMap<String, String>();
        values.put("risk", risk);
        values.put("client", client);
        values.put("resource", resource);
        values.put("group", group);
        values.put("claimed", claimed);
        values.put("mine", mine ? "1" : "");
        values.put("q", text);
        values.put("side", side);
        values.put("after", after);
        return values;
    }

    /// Whether a request is shown to that person, apart from the text.
    boolean takes(Seen seen, PersonId person) {
        var question = seen.approval().question();
        return (risk.isEmpty() || question.risk().compareTo(least()) >= 0)
                && (client.isEmpty() || client.equals(question.request().client()))
                && (resource.isEmpty() || resource.equals(question.request().resource()))
                && (group.isEmpty()
                        || seen.places().stream().anyMatch(it -> it.group().equals(group)))
                && (!mine || seen.mayVote())
                && switch (claimed) {
                    case "me" ->
                        seen.claim().filter(it -> it.person().equals(person)).isPresent();
                    case "nobody" -> seen.claim().isEmpty();
                    default -> true;
                };
    }

    private Risk least() {
        return RISKS.stream().filter(it -> it.word().equals(risk)).findFirst().orElse(Risk.LOW);
    }
}
