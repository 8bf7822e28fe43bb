package dev.countersign.notify;

import dev.countersign.approval.Approval;
import dev.countersign.approval.GlassUse;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Question;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A request in words for people who are told outside: plain text, of names that are registered. What a client
/// wrote is not in it, and neither is the value of an argument.
///
/// @param title one sentence: who asks for what
/// @param lines what else they read before they look at it
/// @param state what became of it; empty while it waits
record Words(String title, List<String> lines, String state) {
    private static final int LONGEST = 200;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    static Words of(Approval approval, InForce inForce, Instant now) {
        var question = approval.question();
        var request = question.request();
        var client = inForce.clients().get(request.client());
        var resource = inForce.resources().get(request.resource());
        var who = inert(client == null ? request.client() : client.name());
        var what = what(question, resource);
        var lines = new ArrayList<String>();
        lines.add("Where: " + inert(resource == null ? request.resource() : resource.name()));
        lines.add("Risk: " + question.risk().word());
        lines.add("Asked to decide: "
                + question.verdict().stages().stream()
                        .map(it -> it.votes() + " of " + it.group())
                        .collect(Collectors.joining(", ")));
        if (approval instanceof Approval.Pending) {
            lines.add("Time left: " + left(question.decideBy(), now));
        }
        return new Words(who + " asks for: " + what, List.copyOf(lines), state(approval));
    }

    /// That the glass was broken. It waits for nobody; people look at it afterwards.
    static Words of(GlassUse use, InForce inForce) {
        var client = inForce.clients().get(use.client());
        var resource = inForce.resources().get(use.resource());
        var who = inert(client == null ? use.client() : client.name());
        var types = new AuthorizationDetails(use.details()).types();
        return new Words(
                who + " broke the glass for: " + what(use.scopes(), types, resource),
                List.of(
                        "Where: " + inert(resource == null ? use.resource() : resource.name()),
                        "Risk: " + use.risk(),
                        "Rule: " + String.join(", ", use.rules()),
                        "Asked to look at it: "
                                + use.stages().stream()
                                        .map(it -> it.votes() + " of " + it.group())
                                        .collect(Collectors.joining(", ")),
                        "By: " + DAY.format(use.reviewBy())),
                "A token went out before people had looked");
    }

    private static String what(Question question, @Nullable Resource resource) {
        var request = question.request();
        return what(request.scopes().names(), request.details().types(), resource);
    }

    private static String what(List<String> scopes, Collection<String> types, @Nullable Resource resource) {
        var titles = new ArrayList<String>();
        for (var name : scopes) {
            var scope = resource == null ? null : resource.scopes().get(name);
            titles.add(inert(scope == null ? name : scope.title() + " (" + name + ")"));
        }
        // A title of a type has places for arguments, so its name has to do.
        types.forEach(it -> titles.add(inert(it)));
        return titles.isEmpty() ? "a token" : String.join(", ", titles);
    }

    /// What became of it, in a word and by whom.
    private static String state(Approval approval) {
        return switch (approval) {
            case Approval.Pending _ -> "";
            case Approval.Approved _ -> "Approved";
            case Approval.Denied _ -> "Denied";
            case Approval.Expired _ -> "Expired: nobody decided or collected it in time";
            case Approval.Cancelled _ -> "Taken back by its client";
            case Approval.Redeemed _ -> "Approved and collected";
            case Approval.Revoked _ -> "Approved and then revoked";
        };
    }

    private static String left(Instant until, Instant now) {
        long minutes = Math.max(0, Duration.between(now, until).toMinutes());
        var length = minutes < 120 ? minutes + " minutes" : minutes / 60 + " hours";
        return length + ", until " + CLOCK.format(until);
    }

    private static String inert(String text) {
        return ClientText.inert(text, LONGEST);
    }
}
