package dev.countersign.usage;

import dev.countersign.http.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// The form that profiles are kept in: JSON lists of numbers, texts and lists, in the order of the record they
/// are of. A `double` comes back bit for bit.
final class Form {
    private final JsonNode node;
    private int next;

    private Form(JsonNode node) {
        this.node = node;
    }

    static Form read(String text) {
        return new Form(Json.read(text));
    }

    static String write(List<?> form) {
        return Json.write(form);
    }

    static List<Integer> list(short[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(it -> (int) values[it])
                .toList();
    }

    static List<Object> list(Map<String, ?> map, Function<Object, Object> value) {
        var list = new ArrayList<>();
        map.forEach((key, it) -> list.add(List.of(key, value.apply(it))));
        return list;
    }

    boolean isEmpty() {
        return node.isEmpty();
    }

    boolean hasMore() {
        return next < node.size();
    }

    private JsonNode take() {
        var value = node.get(next++);
        if (value == null) {
            throw new IllegalArgumentException("a kept profile is shorter than it should be");
        }
        return value;
    }

    Form list() {
        return new Form(take());
    }

    List<Form> lists() {
        return take().valueStream().map(Form::new).toList();
    }

    long number() {
        return take().longValue();
    }

    int small() {
        return take().intValue();
    }

    double real() {
        return take().doubleValue();
    }

    String text() {
        return take().stringValue();
    }

    Instant instant() {
        return Instant.ofEpochMilli(number());
    }

    /// A list of pairs, as a map in its order.
    <T> Map<String, T> map(Function<Form, T> value) {
        var map = new LinkedHashMap<String, T>();
        lists().forEach(pair -> map.put(pair.text(), value.apply(pair)));
        return map;
    }

    short[] shorts() {
        var values = new short[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) node.get(i).intValue();
        }
        return values;
    }

    List<String> texts() {
        return node.valueStream().map(JsonNode::stringValue).toList();
    }

    long[] longs() {
        return node.valueStream().mapToLong(JsonNode::longValue).toArray();
    }
}
