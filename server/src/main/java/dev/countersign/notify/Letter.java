package dev.countersign.notify;

import dev.countersign.approval.Approval;
import dev.countersign.approval.GlassUse;
import dev.countersign.approval.Question;
import dev.countersign.http.Json;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.policy.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a message says: names of what is registered and of what happened. Nothing that a client wrote is in it,
/// no reason, ticket or argument, and no name of a person: whoever is told looks at the request for those.
///
/// @param approval the request as it stands now; empty when nobody was asked about it
/// @param glass what was broken by it; empty when nothing was
/// @param url where the request is looked at
record Letter(Message message, EntryView entry, Optional<Approval> approval, Optional<GlassUse> glass, String url) {
    private static final List<String> TEXTS = List.of(
            Member.CLIENT, Member.RESOURCE, Member.RISK, Member.OUTCOME, Member.VOTE, Member.KIND, Member.TARGET);

    /// In the form that Standard Webhooks recommends: type, time and data.
    String json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("type", message.event().word());
        json.put("timestamp", entry.at().toString());
        json.put("data", data());
        return Json.write(json);
    }

    private Map<String, Object> data() {
        var data = new LinkedHashMap<String, Object>();
        data.put("entry", entry.index());
        data.put("leaf", entry.hash().text());
        data.put("by", Map.of("kind", entry.actor().kind(), "id", entry.actor().id()));
        entry.request().ifPresent(it -> data.put("request", it));
        approval.ifPresent(it -> {
            data.put("url", url);
            asked(data, it.question());
        });
        for (var name : TEXTS) {
            if (!entry.text(name).isEmpty()) {
                data.put(name, entry.text(name));
            }
        }
        list(data, "rules", Member.RULES);
        if (approval.isEmpty()) {
            list(data, "scopes", Member.SCOPES);
        } else if (message.event() == Event.REQUEST_DECIDED) {
            list(data, "granted_scopes", Member.SCOPES);
        }
        return data;
    }

    private void list(Map<String, Object> data, String as, String member) {
        if (!entry.texts(member).isEmpty()) {
            data.put(as, entry.texts(member));
        }
    }

    private static void asked(Map<String, Object> data, Question question) {
        var request = question.request();
        data.put("client", request.client());
        data.put("resource", request.resource());
        data.put("scopes", request.scopes().names());
        data.put("details_types", request.details().types().stream().sorted().toList());
        data.put("risk", question.risk().word());
        data.put("lifetime", question.ask().lifetime().toSeconds());
        data.put("expires_at", question.decideBy().toString());
        data.put("rules", question.verdict().rules());
        data.put(
                "stages",
                question.verdict().stages().stream().map(Letter::stage).toList());
    }

    private static Map<String, Object> stage(Stage stage) {
        return Map.of("group", stage.group(), "needed", stage.votes());
    }
}
