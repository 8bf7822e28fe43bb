package dev.countersign.oauth;

import dev.countersign.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// The `authorization_details` of RFC 9396 §2 as one frozen value.
///
/// `canonical` is the JSON array in the canonical form of RFC 8785, so that equal values are equal text and hash the
/// same; an empty array when nothing is asked. Values from outside come through [#parse], which alone checks them.
public record AuthorizationDetails(String canonical) {
    public static final AuthorizationDetails NONE = new AuthorizationDetails("[]");

    private static final String DIGEST_OF_NONE = Sha256.base64url(NONE.canonical);

    /// The longest text that is read, in bytes of UTF-8.
    public static final int LONGEST = 16 * 1024;

    /// The most objects in one list.
    public static final int MOST = 20;

    /// As deep as arrays and objects may stand in one another, the list itself included.
    public static final int DEEPEST = 8;

    /// How much of what may be lowered is told to who tried something else.
    private static final int ROOM = 3;

    /// Reads the parameter, against the types that the addressed resource registers; an empty text asks for nothing.
    ///
    /// RFC 9396 §5: unknown types, and objects that break their type's schema, are refused. So is the same object
    /// twice, of which nobody could say whether it allows one thing or two.
    ///
    /// @throws Refusal `invalid_authorization_details`
    public static AuthorizationDetails parse(String text, Map<String, DetailsType> types) {
        if (text.isEmpty()) {
            return NONE;
        }
        var list = list(text);
        var canonical = new ArrayList<String>();
        for (int i = 0; i < list.size(); i++) {
            canonical.add(checked(list.get(i), "authorization_details[" + i + "]", types));
        }
        if (new HashSet<>(canonical).size() < canonical.size()) {
            throw refusal("authorization_details has the same object twice");
        }
        return of(canonical);
    }

    private static JsonNode list(String text) {
        if (text.length() > LONGEST || text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw refusal("authorization_details is larger than " + LONGEST + " bytes");
        }
        try {
            var list = Json.read(text, DEEPEST);
            if (!list.isArray()) {
                throw refusal("authorization_details is not a JSON array");
            }
            if (list.size() > MOST) {
                throw refusal("authorization_details has more than " + MOST + " objects");
            }
            return list;
        } catch (Json.Malformed fault) {
            throw refusal("authorization_details cannot be read: " + fault.getMessage());
        }
    }

    /// The canonical text of an object that keeps its type's schema.
    private static String checked(JsonNode object, String name, Map<String, DetailsType> types) {
        var type = object.path("type");
        if (!type.isString()) {
            throw refusal(name + " is not an object with a type");
        }
        var known = types.get(type.stringValue());
        if (known == null) {
            throw refusal(name + " is of a type that the resource does not have")
                    .because("no details type " + type.stringValue());
        }
        known.wrong(object).ifPresent(how -> {
            throw refusal(name + ": " + how);
        });
        try {
            return Json.canonical(object);
        } catch (Json.Malformed fault) {
            throw refusal(name + ": " + fault.getMessage());
        }
    }

    private static Refusal refusal(String said) {
        return Refusal.of(ErrorCode.INVALID_AUTHORIZATION_DETAILS, Refusal.sayable(said));
    }

    /// A list of objects that are each in canonical form.
    static AuthorizationDetails of(List<String> canonical) {
        return new AuthorizationDetails("[" + String.join(",", canonical) + "]");
    }

    /// True when nothing is asked.
    public boolean isEmpty() {
        return canonical.equals("[]");
    }

    /// The objects, in their order.
    public List<JsonNode> objects() {
        return isEmpty() ? List.of() : Json.read(canonical).valueStream().toList();
    }

    /// The types that occur, each once, in their order.
    public List<String> types() {
        return objects().stream().map(AuthorizationDetails::type).distinct().toList();
    }

    /// An object's type.
    public static String type(JsonNode object) {
        return object.path("type").asString("");
    }

    /// The risk of the riskiest object; low when there is none. A type that is no longer registered counts as critical:
    /// nobody is left to say otherwise.
    public Risk risk(Map<String, DetailsType> types) {
        return types().stream()
                .map(types::get)
                .map(it -> it == null ? Risk.CRITICAL : it.risk())
                .reduce(Risk.LOW, Risk::or);
    }

    /// Each object as its type's sentence, see [DetailsType#sentence]. An object whose type is no longer registered
    /// reads as its JSON, inert.
    public List<String> sentences(Map<String, DetailsType> types) {
        return objects().stream()
                .map(object -> {
                    var known = types.get(type(object));
                    return known == null ? ClientText.inert(object.toString(), 300) : known.sentence(object);
                })
                .toList();
    }

    /// SHA-256 of the canonical text, base64url without padding: what people approved, in one line.
    public String digest() {
        return isEmpty() ? DIGEST_OF_NONE : Sha256.base64url(canonical);
    }

    /// True when these allow nothing that `wider` does not: objects may be left out, and what their type calls
    /// lowerable may be lowered. Each object of `wider` allows one of these, never two.
    public boolean narrows(AuthorizationDetails wider, Map<String, DetailsType> types) {
        return Narrowing.of(this, wider, types).isPresent();
    }

    /// What of these may be lowered, in words for who tried something else: ": amount from 25 in “Refund 25 EUR”".
    public String room(Map<String, DetailsType> types) {
        var sentences = sentences(types);
        var objects = objects();
        var room = IntStream.range(0, objects.size())
                .boxed()
                .flatMap(at -> lowerable(objects.get(at), types).stream()
                        .map(it -> it + " from "
                                + Sentence.shown(objects.get(at).get(it)) + " in “" + sentences.get(at) + "”"))
                .limit(ROOM)
                .collect(Collectors.joining(", "));
        return room.isEmpty() ? "" : ": " + room;
    }

    /// The members of one of these that may be lowered and can be: a list of one element cannot.
    public static List<String> lowerable(JsonNode object, Map<String, DetailsType> types) {
        var known = types.get(type(object));
        return object.propertyNames().stream()
                .filter(it -> known != null && known.lowerable().contains(it))
                .filter(it -> object.get(it).isNumber() || object.get(it).size() > 1)
                .toList();
    }

    /// A value in the words of sentences.
    public static String words(JsonNode value) {
        return Sentence.shown(value);
    }

    /// For each of these objects the position in `wider` of the one that it is, or is lowered from; empty when these
    /// are no narrowing.
    public Optional<List<Integer>> origins(AuthorizationDetails wider, Map<String, DetailsType> types) {
        return Narrowing.of(this, wider, types).map(Narrowing::origins);
    }

    /// What two narrowings of `asked` both allow; an object that one of them left out, or that keeps nothing, is gone.
    ///
    /// @throws IllegalArgumentException when one of the two is no narrowing of `asked`
    public AuthorizationDetails meet(
            AuthorizationDetails other, AuthorizationDetails asked, Map<String, DetailsType> types) {
        return Narrowing.meet(this, other, asked, types);
    }
}
