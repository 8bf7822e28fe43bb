package dev.countersign.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which handler answers which method and path.
///
/// A path is literal segments, `{name}` for one segment and, last, `{name...}` for one or more. A literal segment wins
/// over a name. Paths are compared as they are sent, still percent-encoded, so that no encoding of a path is a second
/// name for it.
public final class Routes {
    private final Map<String, Methods> literal = new HashMap<>();
    private final Node root = new Node();
    private final Set<String> all = new TreeSet<>();

    /// Answers GET, and HEAD, whose body the server leaves out.
    public Routes get(String path, Handler handler) {
        return add("GET", path, handler);
    }

    /// Answers POST.
    public Routes post(String path, Handler handler) {
        return add("POST", path, handler);
    }

    /// Answers PUT.
    public Routes put(String path, Handler handler) {
        return add("PUT", path, handler);
    }

    /// Answers PATCH.
    public Routes patch(String path, Handler handler) {
        return add("PATCH", path, handler);
    }

    /// Answers DELETE.
    public Routes delete(String path, Handler handler) {
        return add("DELETE", path, handler);
    }

    /// What is answered, as `GET /path/{name}`, sorted.
    public Set<String> all() {
        return Collections.unmodifiableSet(all);
    }

    /// Calls the handler of this request. 404 for an unknown path, 405 with `Allow` for another method.
    Reply handle(Request request) {
        var path = request.path();
        var methods = literal.get(path);
        var values = new ArrayList<String>(0);
        if (methods == null) {
            methods = root.find(path, values);
        }
        if (methods == null) {
            throw HttpFault.nowhere();
        }
        var route = methods.of(request.method());
        if (route == null) {
            throw HttpFault.of(405, "this path does not answer that method").with("Allow", methods.allow());
        }
        request.matched(route.names, values);
        return route.handler.handle(request);
    }

    private Routes add(String method, String path, Handler handler) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path starts with a slash: " + path);
        }
        int rest = path.indexOf("...}");
        if (rest >= 0 && rest + 4 < path.length()) {
            throw new IllegalArgumentException("nothing follows a name with dots: " + path);
        }
        var names = new ArrayList<String>();
        var methods = path.indexOf('{') < 0
                ? literal.computeIfAbsent(path, _ -> new Methods())
                : root.at(path, names).methods();
        methods.add(method, path, new Route(List.copyOf(names), handler));
        all.add(method + " " + path);
        return this;
    }

    private record Route(List<String> names, Handler handler) {}

    private static final class Methods {
        private final Map<String, Route> routes = new TreeMap<>();

        void add(String method, String path, Route route) {
            if (routes.put(method, route) != null) {
                throw new IllegalArgumentException("two handlers for " + method + " " + path);
            }
        }

        @Nullable
        Route of(String method) {
            return routes.get(method.equals("HEAD") ? "GET" : method);
        }

        String allow() {
            var all = new ArrayList<>(routes.keySet());
            if (all.contains("GET")) {
                all.add("HEAD");
            }
            return String.join(", ", all);
        }
    }

    /// What may follow one segment.
    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node named;
        private @Nullable Node rest;
        private @Nullable Methods methods;

        Methods methods() {
            if (methods == null) {
                methods = new Methods();
            }
            return methods;
        }

        /// The node of a path to be added, whose names are collected.
        Node at(String path, List<String> names) {
            var node = this;
            for (var segment : path.substring(1).split("/", -1)) {
                node = node.child(segment, names);
            }
            return node;
        }

        private Node child(String segment, List<String> names) {
            if (!segment.startsWith("{") || !segment.endsWith("}")) {
                return literals.computeIfAbsent(segment, _ -> new Node());
            }
            if (segment.endsWith("...}")) {
                names.add(segment.substring(1, segment.length() - 4));
                rest = rest == null ? new Node() : rest;
                return rest;
            }
            names.add(segment.substring(1, segment.length() - 1));
            named = named == null ? new Node() : named;
            return named;
        }

        /// The methods at what is left of a path, which starts with its slash. The values of names are collected.
        @Nullable
        Methods find(String path, List<String> values) {
            return find(path, 1, values);
        }

        private @Nullable Methods find(String path, int from, List<String> values) {
            if (from > path.length()) {
                return methods;
            }
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            var segment = path.substring(from, to);
            var next = literals.get(segment);
            var found = next == null ? null : next.find(path, to + 1, values);
            if (found != null || segment.isEmpty()) {
                return found;
            }
            int collected = values.size();
            if (named != null) {
                values.add(segment);
                found = named.find(path, to + 1, values);
                if (found != null) {
                    return found;
                }
                values.subList(collected, values.size()).clear();
            }
            if (rest != null) {
                values.add(path.substring(from));
                return rest.methods;
            }
            return null;
        }
    }
}
