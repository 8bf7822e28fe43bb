package dev.countersign.notify;

import dev.countersign.oauth.Risk;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Somebody outside who is told of events, as configured.
///
/// @param on what it is told of
/// @param groups only of requests that one of these groups is asked to decide; empty for all
/// @param risk only of requests of this risk or higher
public record Notifier(String id, Channel channel, Set<Event> on, Set<String> groups, Risk risk) {
    /// How it is told.
    public sealed interface Channel {
        /// By a POST that is signed, in the form of Standard Webhooks.
        ///
        /// @param secrets the files of what it is signed with, in the configuration folder; two while rotating
        record Webhook(URI url, List<String> secrets) implements Channel {}

        /// By mails to the people who may decide, through a server.
        ///
        /// @param password the file of it; empty when the server wants none
        /// @param wishes what people want, by their user names
        record Mail(
                String host,
                int port,
                Tls tls,
                String user,
                Optional<String> password,
                String sender,
                Map<String, Wish> wishes)
                implements Channel {
            /// How the way to the server is encrypted.
            public enum Tls {
                /// From a command on, RFC 3207, and never without it.
                STARTTLS,
                /// All along, RFC 8314.
                IMPLICIT,
                /// Not at all: on this machine only.
                NONE
            }
        }

        /// By a message in a channel of Slack, which is rewritten when it is decided.
        ///
        /// @param channel its id
        /// @param token the file of a bot's token
        /// @param api where Slack's API is
        /// @param votes empty where nobody votes in it
        record Slack(String channel, String token, String api, Optional<Votes> votes) implements Channel {
            /// That people vote where a request is posted.
            ///
            /// @param signing the file of the secret that Slack signs its calls with
            /// @param upTo only on requests of this risk or lower
            /// @param people the user names of people, by their ids in Slack
            public record Votes(String signing, Risk upTo, Map<String, String> people) {}
        }

        /// By cards in a channel of Microsoft Teams, through a workflow.
        ///
        /// @param url the file of the workflow's URL, which whoever knows it can post to
        record Teams(String url) implements Channel {}

        /// By the callback of Deferred Token Response, those clients that registered where they are called.
        ///
        /// @param endpoints by the client
        record Callbacks(Map<String, URI> endpoints) implements Channel {}
    }

    /// What people are told of: what waits for them, what became of it, and broken glass.
    public static final Set<Event> OF_PEOPLE = Set.of(
            Event.REQUEST_PENDING,
            Event.REQUEST_ESCALATED,
            Event.REQUEST_NUDGED,
            Event.REQUEST_REASSIGNED,
            Event.REQUEST_DECIDED,
            Event.REQUEST_ENDED,
            Event.BREAK_GLASS_USED);

    /// No name that one can have who is written.
    private static final String CLIENTS = ":clients";

    /// The one that stands for all clients that are called.
    public static Notifier ofClients(Map<String, URI> endpoints) {
        return new Notifier(
                CLIENTS,
                new Channel.Callbacks(Map.copyOf(endpoints)),
                Set.of(Event.REQUEST_DECIDED),
                Set.of(),
                Risk.LOW);
    }

    /// Whether what it is told of one request comes in its order: what rewrites a message comes after it.
    boolean isInOrder() {
        return switch (channel) {
            case Channel.Mail _, Channel.Slack _, Channel.Teams _ -> true;
            case Channel.Webhook _, Channel.Callbacks _ -> false;
        };
    }

    /// Whether it is told of what somebody asked for. What is not known of it keeps nothing from being told.
    ///
    /// @param asked the groups that decide it; empty when nobody has to, or it is not known
    boolean wants(Event event, Optional<Risk> of, List<String> asked) {
        boolean risky = of.map(it -> it.compareTo(risk) >= 0).orElse(true);
        boolean theirs = groups.isEmpty() || asked.isEmpty() || asked.stream().anyMatch(groups::contains);
        return on.contains(event) && risky && theirs;
    }
}
