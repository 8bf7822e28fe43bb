package dev.countersign.publish;

import dev.countersign.config.Changes;
import dev.countersign.config.Fault;
import dev.countersign.config.Published;
import dev.countersign.config.Read;
import dev.countersign.config.Version;
import dev.countersign.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What comes of an offer as JSON: the same over the API and by the command line on the server's host.
///
/// @param status of HTTP
/// @param title of the problem document; empty when there is no problem
public record Answer(int status, String title, Map<String, Object> json) {
    /// What came of it.
    public static Answer of(Result result) {
        return switch (result) {
            case Result.Faulty(var why) -> faulty(why);
            case Result.Unknown(var number) ->
                problem(404, "No such version", "there is no version with the number " + number);
            case Result.Refused(var said) -> problem(403, "Refused", said);
            case Result.Asked it -> {
                var json = new LinkedHashMap<String, Object>();
                json.put("outcome", "pending");
                json.put("request", it.request());
                json.put("version", it.version());
                json.put("warnings", json(it.warnings()));
                json.put("shown", Json.read(it.shown()));
                yield new Answer(202, "", json);
            }
            case Result.Settled(var published, var warnings, var unattended) ->
                switch (published) {
                    case Published.Done(var version) -> settled("published", version, warnings, unattended);
                    case Published.Unchanged(var version) -> settled("unchanged", version, warnings, Optional.empty());
                    case Published.Superseded it -> problem(409, "Superseded", it.toString());
                    case Published.Stale it -> problem(409, "Out of date", it.toString());
                    case Published.Governed it -> problem(409, "Others must approve it", it.toString());
                };
        };
    }

    /// What would be otherwise.
    public static Answer of(Preview preview) {
        return switch (preview) {
            case Preview.Faulty(var why) -> faulty(why);
            case Preview.Ready it -> {
                var json = new LinkedHashMap<String, Object>();
                json.put("version", it.candidate().version());
                json.put("in_force", it.inForce());
                json.putAll(json(it.changes()));
                json.putAll(json(it.looser()));
                json.put("unattended", it.unattended().json());
                json.put("tests", it.candidate().tests().size());
                json.put("warnings", json(it.warnings()));
                yield new Answer(200, "", json);
            }
        };
    }

    /// A page of what was published.
    public static Answer history(List<Publishing.Past> page) {
        var json = new LinkedHashMap<String, Object>();
        json.put("items", page.stream().map(Answer::json).toList());
        boolean last = page.isEmpty() || page.getLast().version().number() == 1;
        json.put("next", last ? null : Long.toString(page.getLast().version().number()));
        return new Answer(200, "", json);
    }

    private static Map<String, Object> json(Publishing.Past it) {
        var json = json(it.version());
        json.put("by", it.by());
        json.put("approved_by", it.approvedBy());
        json.put("changed", it.difference().things());
        return json;
    }

    private static Map<String, Object> json(Version it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("number", it.number());
        json.put("version", it.hash());
        json.put("published_at", it.at().toString());
        return json;
    }

    private static Map<String, Object> json(Changes it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("changes", it.all().stream().map(Answer::json).toList());
        json.put("changes_left", it.left());
        return json;
    }

    private static Map<String, Object> json(Changes.Change it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("kind", it.kind());
        json.put("name", it.name());
        json.put("how", it.how());
        json.put("lines", it.lines());
        return json;
    }

    private static Map<String, Object> json(Looser it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("looser", it.lines().stream().map(Answer::json).toList());
        json.put("looser_left", it.left());
        json.put("looked", it.looked());
        return json;
    }

    private static Map<String, Object> json(Looser.Line it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("what", it.what());
        json.put("how", it.how());
        json.put("unattended", it.unattended());
        return json;
    }

    private static Answer settled(
            String outcome, Version version, List<Fault> warnings, Optional<JsonNode> unattended) {
        var json = new LinkedHashMap<String, Object>();
        json.put("outcome", outcome);
        json.putAll(json(version));
        json.put("warnings", json(warnings));
        unattended.ifPresent(it -> json.put("unattended", it));
        return new Answer(200, "", json);
    }

    private static Answer problem(int status, String title, String detail) {
        return new Answer(status, title, Map.of("detail", detail));
    }

    private static Answer faulty(Read.Bad why) {
        var faults = why.faults();
        var json = new LinkedHashMap<String, Object>();
        json.put("detail", faults.size() == 1 ? faults.getFirst().toString() : "it has " + faults.size() + " faults");
        json.put("faults", json(faults));
        json.put("unjudged", json(why.unjudged()));
        return new Answer(422, "Faults", json);
    }

    private static List<Map<String, Object>> json(List<Fault> faults) {
        return faults.stream()
                .map(it -> Map.<String, Object>of(
                        "file", it.at().file(),
                        "line", it.at().line(),
                        "column", it.at().column(),
                        "text", it.text()))
                .toList();
    }
}
