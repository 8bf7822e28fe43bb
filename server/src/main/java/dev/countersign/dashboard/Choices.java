package dev.countersign.dashboard;

import dev.countersign.approval.Allowance;
import dev.countersign.http.Field;
import dev.countersign.http.Json;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Refusal;
import dev.countersign.oauth.Scopes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The form by which a reviewer narrows: what it offers, and what it leaves of a request when it comes back.
///
/// Objects are called by their position in what is asked, and elements of a list by theirs: what is asked never
/// changes. That the result is narrower is not for the form to say, but for whoever counts the vote.
final class Choices {
    private static final String NUMBER = "-?[0-9]{1,20}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?";
    private static final int ELEMENT = 80;

    private Choices() {}

    /// What came back.
    sealed interface Read {
        /// It leaves this.
        record Left(Allowance allowance) implements Read {}

        /// It cannot be read, and this is why, as a sentence.
        record Wrong(String why) implements Read {}
    }

    /// The numbers of an object that may be lowered.
    static List<RequestView.Amount> amounts(JsonNode object, int at, Map<String, DetailsType> types) {
        return AuthorizationDetails.lowerable(object, types).stream()
                .filter(it -> object.get(it).isNumber()
                        && object.get(it).decimalValue().signum() != 0)
                .map(it -> {
                    var most = object.get(it).decimalValue();
                    return new RequestView.Amount(
                            lower(at, it), ClientText.inert(it), most.toPlainString(), most.signum() > 0 ? "0" : "");
                })
                .toList();
    }

    /// The lists of an object that may be shortened.
    static List<RequestView.Elements> lists(JsonNode object, int at, Map<String, DetailsType> types) {
        return AuthorizationDetails.lowerable(object, types).stream()
                .filter(it -> object.get(it).isArray())
                .map(it -> new RequestView.Elements(
                        keep(at, it),
                        ClientText.inert(it),
                        object.get(it)
                                .valueStream()
                                .map(AuthorizationDetails::words)
                                .map(words -> ClientText.inert(words, ELEMENT))
                                .toList()))
                .toList();
    }

    private static String lower(int at, String member) {
        return "lower." + at + "." + member;
    }

    private static String keep(int at, String member) {
        return "keep." + at + "." + member;
    }

    /// Reads the form.
    ///
    /// @param types the details types of the resource
    static Read read(List<Field> form, Allowance ask, Map<String, DetailsType> types) {
        var lifetime = first(form, "lifetime");
        if (!lifetime.matches("[1-9][0-9]{0,8}")) {
            return new Read.Wrong("The lifetime is not a whole number of seconds from 1 on.");
        }
        var uses = ask.uses() == 1 ? "1" : first(form, "uses");
        if (!uses.matches("[1-9][0-9]{0,8}")) {
            return new Read.Wrong("The number of tokens is not a whole number from 1 on.");
        }
        try {
            return new Read.Left(new Allowance(
                    Scopes.of(values(form, "scope").stream()
                            .filter(Scopes::isToken)
                            .toList()),
                    details(form, ask.details(), types),
                    Duration.ofSeconds(Long.parseLong(lifetime)),
                    Integer.parseInt(uses)));
        } catch (Unreadable e) {
            return new Read.Wrong(e.why);
        }
    }

    /// What is left unticked and unchanged is what was asked to the byte, so that its digest stays.
    private static AuthorizationDetails details(
            List<Field> form, AuthorizationDetails ask, Map<String, DetailsType> types) throws Unreadable {
        var objects = ask.objects();
        var ticked = values(form, "detail");
        var left = new ArrayList<JsonNode>();
        for (int at = 0; at < objects.size(); at++) {
            if (ticked.contains(Integer.toString(at))) {
                left.add(lowered(form, objects.get(at), at, types));
            }
        }
        return left.equals(objects) ? ask : checked(left, types);
    }

    private static AuthorizationDetails checked(List<JsonNode> left, Map<String, DetailsType> types) throws Unreadable {
        try {
            return AuthorizationDetails.parse(Json.canonical(Json.node(left)), types);
        } catch (Refusal e) {
            throw new Unreadable("The details cannot be lowered like that: "
                    + e.said.replaceFirst("^authorization_details\\[[0-9]+]: ", "") + ".");
        } catch (Json.Malformed e) {
            throw new Unreadable("The details cannot be lowered like that: " + e.getMessage() + ".");
        }
    }

    private static JsonNode lowered(List<Field> form, JsonNode object, int at, Map<String, DetailsType> types)
            throws Unreadable {
        var lowered = (ObjectNode) object.deepCopy();
        for (var member : AuthorizationDetails.lowerable(object, types)) {
            var asked = object.get(member);
            lowered.set(
                    member,
                    asked.isNumber()
                            ? amount(first(form, lower(at, member)), member, asked)
                            : elements(values(form, keep(at, member)), member, asked));
        }
        return lowered;
    }

    private static JsonNode amount(String text, String member, JsonNode asked) throws Unreadable {
        if (text.isEmpty() || text.equals(asked.decimalValue().toPlainString())) {
            return asked;
        }
        if (!text.matches(NUMBER)) {
            throw new Unreadable("The " + ClientText.inert(member) + " is not a number.");
        }
        var amount = new BigDecimal(text);
        return amount.compareTo(asked.decimalValue()) == 0 ? asked : Json.read(amount.toString());
    }

    private static JsonNode elements(List<String> kept, String member, JsonNode asked) throws Unreadable {
        var left = IntStream.range(0, asked.size())
                .filter(it -> kept.contains(Integer.toString(it)))
                .mapToObj(asked::get)
                .toList();
        if (left.isEmpty()) {
            throw new Unreadable("Of " + ClientText.inert(member)
                    + " nothing would be left, which many APIs read as all: leave the whole out instead.");
        }
        return Json.node(left);
    }

    private static String first(List<Field> form, String name) {
        return values(form, name).stream().findFirst().orElse("").strip();
    }

    private static List<String> values(List<Field> form, String name) {
        return form.stream()
                .filter(it -> it.name().equals(name))
                .map(Field::value)
                .toList();
    }

    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;
        private final String why;

        Unreadable(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }
}
