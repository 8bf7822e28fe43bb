package dev.countersign.dashboard;

import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.oauth.ClientText;
import dev.countersign.people.ApiScope;
import dev.countersign.people.DeviceGrants;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// `/device`: whoever is signed in lets a command line act as them.
final class DevicePages {
    private static final int LABEL = 60;

    private final Door door;
    private final DeviceGrants grants;
    private final Renderer renderer;

    DevicePages(Door door, DeviceGrants grants, Renderer renderer) {
        this.door = door;
        this.grants = grants;
        this.renderer = renderer;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var challenge = challenge(visit.query("challenge"));
            var scopes = scopes(visit, visit.query("scopes"));
            var view = new DeviceView(
                    visit.caller().person().name(),
                    DeviceGrants.code(challenge),
                    label(visit.query("label")),
                    scopes.stream().map(DevicePages::words).toList(),
                    Moment.words(DeviceGrants.TOKEN_LIFE),
                    challenge,
                    String.join(" ", scopes));
            return Reply.html(200, renderer.page(door.frame(visit, "Is this your command line?", Section.NONE), view));
        });
    }

    Reply confirm(Request request) {
        return door.act(request, ApiScope.REQUESTS_READ, "/", visit -> {
            var challenge = challenge(visit.form("challenge"));
            var person = visit.caller().person().id();
            var label = label(visit.form("label"));
            return switch (visit.form("say")) {
                case "yes" -> {
                    grants.confirm(challenge, person, scopes(visit, visit.form("scopes")), label);
                    yield said(visit, "It is signed in", "Go back to your command line. You end this at Your account.");
                }
                case "no" -> {
                    grants.confirm(challenge, person, Set.of(), label);
                    yield said(visit, "It is not signed in", "Nothing was given to it.");
                }
                default -> throw HttpFault.of(400, "That is neither yes nor no.");
            };
        });
    }

    private Reply said(Visit visit, String title, String text) {
        var view = new MessageView(200, title, text, "", "/account", "Your account");
        return Reply.html(200, renderer.page(door.frame(visit, title, Section.NONE), view));
    }

    private static String challenge(String text) {
        if (!DeviceGrants.isChallenge(text)) {
            throw HttpFault.of(400, "This address is not one that a command line gave. Run countersign login again.");
        }
        return text;
    }

    /// No more than whoever confirms it may.
    private static Set<String> scopes(Visit visit, String asked) {
        var scopes = Arrays.stream(asked.split(" ", -1))
                .filter(ApiScope.ALL::contains)
                .filter(visit.caller()::may)
                .collect(Collectors.toCollection(TreeSet::new));
        if (scopes.isEmpty()) {
            throw HttpFault.of(403, "It asks for nothing that you may do.");
        }
        return scopes;
    }

    private static String label(String text) {
        return ClientText.inert(text, LABEL);
    }

    private static String words(String scope) {
        return switch (scope) {
            case ApiScope.REQUESTS_READ -> "see the queue, requests, clients and resources";
            case ApiScope.REQUESTS_REVIEW -> "vote, and take approvals back";
            case ApiScope.LEDGER_READ -> "read the ledger with what is disclosed";
            case ApiScope.OPERATE -> "freeze, and see keys";
            case ApiScope.ADMIN -> "publish configurations, cancel requests, end anybody's sessions";
            default -> scope;
        };
    }
}
