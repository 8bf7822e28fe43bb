package dev.countersign.config;

import dev.countersign.client.Client;
import dev.countersign.notify.Event;
import dev.countersign.notify.Notifier;
import dev.countersign.notify.Wish;
import dev.countersign.oauth.Risk;
import dev.countersign.policy.Effect;
import dev.countersign.source.Secrets;
import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Looks at each notifier: that it is told in one way, of groups that there are, and where its secrets are
/// kept. Makes what the notifying part takes of those without faults.
final class NotifyCheck {
    private static final int MOST = 16;
    private static final List<String> WAYS = List.of("webhook", "smtp", "slack", "teams");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1");

    private final Names names;
    private final Faults faults;

    /// Whose accounts in Slack are whose, of all notifiers.
    private final Map<String, String> inSlack = new HashMap<>();

    NotifyCheck(Names names, Faults faults) {
        this.names = names;
        this.faults = faults;
    }

    void check(View root) {
        var all = root.views("notify");
        all.stream()
                .skip(MOST)
                .findFirst()
                .ifPresent(it -> faults.add(it.at(), "there are more than " + MOST + " notifiers; take some out"));
        all.forEach(this::each);
        root.views("policies").forEach(this::reminder);
    }

    /// Who is reminded has still to have time.
    private void reminder(View rule) {
        rule.view("review")
                .ifPresent(review -> review.duration("remind")
                        .filter(it -> it.compareTo(review.duration("within").orElse(Effect.WITHIN)) >= 0)
                        .ifPresent(_ -> faults.add(
                                review.at("remind"),
                                "rule `" + rule.text("rule")
                                        + "` reminds people when their time to decide, `within`, is over")));
    }

    /// After how long people are told again, by the rule.
    static Map<String, Duration> reminders(View root) {
        var reminders = new HashMap<String, Duration>();
        root.views("policies")
                .forEach(rule -> rule.view("review")
                        .flatMap(it -> it.duration("remind"))
                        .ifPresent(it -> reminders.put(rule.text("rule"), it)));
        return Map.copyOf(reminders);
    }

    private void each(View notifier) {
        way(notifier);
        notifier.view("webhook").ifPresent(it -> webhook(notifier, it));
        notifier.view("smtp").ifPresent(it -> smtp(notifier, it));
        notifier.view("slack").ifPresent(it -> slack(notifier, it));
        notifier.view("teams").flatMap(it -> it.view("url")).ifPresent(it -> secret(notifier, it));
        if (notifier.has("on") && !notifier.has("webhook")) {
            faults.add(
                    notifier.at("on"),
                    "only webhooks choose what they are told of; people are told of requests that wait, of their end and of"
                            + " broken glass. Take `on` out");
        }
        for (var group : notifier.scalars("groups")) {
            Names.missing("group", group.text(), names.members().keySet()).ifPresent(it -> faults.add(group.at(), it));
        }
    }

    private void way(View notifier) {
        var written = WAYS.stream().filter(notifier::has).toList();
        if (written.isEmpty()) {
            faults.add(
                    notifier.at(),
                    "notifier `" + notifier.text("id") + "` has no way to be told; write " + String.join(" or ", WAYS));
        } else if (written.size() > 1) {
            faults.add(
                    notifier.at(written.get(1)),
                    "notifier `" + notifier.text("id") + "` is told in one way; make a notifier of each");
        }
    }

    private void webhook(View notifier, View webhook) {
        if (webhook.entries().get("secrets").orElse(null) instanceof Piece.Items(_, var all)
                && (all.isEmpty() || all.size() > 2)) {
            faults.add(webhook.at("secrets"), "a webhook has one secret, or two while rotating");
        }
        webhook.views("secrets").forEach(it -> secret(notifier, it));
    }

    private void smtp(View notifier, View smtp) {
        smtp.view("password").ifPresent(it -> secret(notifier, it));
        smtp.view("people")
                .ifPresent(wishes -> wishes.entries()
                        .entries()
                        .forEach(it -> Names.missing("person", it.key(), names.people())
                                .ifPresent(missing -> faults.add(it.at(), missing))));
        if (smtp.has("user") != smtp.has("password")) {
            faults.add(smtp.at(), "`smtp` has `user` and `password`, or neither");
        }
        if (smtp.text("tls").equals("none")
                && !LOOPBACK.matcher(smtp.text("host")).matches()) {
            faults.add(
                    smtp.at("tls"),
                    "what is not encrypted does not leave this machine; write `starttls` or `implicit`");
        }
    }

    private void slack(View notifier, View slack) {
        slack.view("token").ifPresent(it -> secret(notifier, it));
        slack.view("votes").ifPresent(votes -> {
            votes.view("signing").ifPresent(it -> secret(notifier, it));
            votes.view("people")
                    .ifPresent(people -> people.entries().entries().forEach(it -> {
                        Names.missing("person", it.key(), names.people())
                                .ifPresent(missing -> faults.add(it.at(), missing));
                        var before = inSlack.putIfAbsent(people.text(it.key()), it.key());
                        if (before != null && !before.equals(it.key())) {
                            faults.add(
                                    it.at(), "`" + before + "` and `" + it.key() + "` are one and the same in Slack");
                        }
                    }));
        });
    }

    private void secret(View notifier, View secret) {
        if (!secret.text("file").isEmpty() && !Secrets.isName(secret.text("file"))) {
            faults.add(
                    secret.at("file"),
                    "the secret of a notifier is a file in the folder `" + Secrets.FOLDER + "`, such as `"
                            + Secrets.FOLDER + "/" + notifier.text("id") + "`; put it there");
        }
    }

    /// The notifiers of a configuration without faults; one more when clients are called.
    static List<Notifier> notifiers(View root, Map<String, Client> clients) {
        var all = new ArrayList<Notifier>();
        root.views("notify").forEach(it -> all.add(notifier(it)));
        var endpoints = new HashMap<String, URI>();
        clients.values().forEach(it -> it.callback().ifPresent(url -> endpoints.put(it.id(), url)));
        if (!endpoints.isEmpty()) {
            all.add(Notifier.ofClients(endpoints));
        }
        return List.copyOf(all);
    }

    private static Notifier notifier(View it) {
        return new Notifier(it.text("id"), channel(it), events(it), Set.copyOf(it.texts("groups")), risk(it));
    }

    private static Notifier.Channel channel(View it) {
        return Stream.of(
                        it.view("webhook").map(NotifyCheck::webhook),
                        it.view("smtp").map(NotifyCheck::mail),
                        it.view("slack").map(NotifyCheck::slack),
                        it.view("teams").map(teams -> new Notifier.Channel.Teams(file(teams, "url"))))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }

    private static Notifier.Channel webhook(View it) {
        return new Notifier.Channel.Webhook(
                URI.create(it.text("url")),
                it.views("secrets").stream().map(secret -> secret.text("file")).toList());
    }

    private static Notifier.Channel mail(View it) {
        return new Notifier.Channel.Mail(
                it.text("host"),
                it.whole("port", 587),
                it.has("tls")
                        ? Notifier.Channel.Mail.Tls.valueOf(it.text("tls").toUpperCase(Locale.ROOT))
                        : Notifier.Channel.Mail.Tls.STARTTLS,
                it.text("user"),
                it.view("password").map(secret -> secret.text("file")),
                it.text("sender"),
                wishes(it));
    }

    private static Map<String, Wish> wishes(View smtp) {
        var wishes = new HashMap<String, Wish>();
        smtp.named("people").forEach((user, it) -> wishes.put(user, new Wish(it.flag("off"), risk(it), quiet(it))));
        return Map.copyOf(wishes);
    }

    private static Optional<Wish.Quiet> quiet(View it) {
        if (!it.has("quiet")) {
            return Optional.empty();
        }
        var hours = it.text("quiet").split("-", 2);
        return Optional.of(new Wish.Quiet(
                LocalTime.parse(hours[0]),
                hours[1].equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(hours[1]),
                ZoneId.of(it.has("zone") ? it.text("zone") : "UTC")));
    }

    private static Risk risk(View it) {
        return Arrays.stream(Risk.values())
                .filter(risk -> risk.word().equals(it.text("risk")))
                .findFirst()
                .orElse(Risk.LOW);
    }

    private static Notifier.Channel slack(View it) {
        return new Notifier.Channel.Slack(
                it.text("channel"),
                file(it, "token"),
                it.has("api") ? it.text("api") : "https://slack.com/api",
                it.view("votes").map(NotifyCheck::votes));
    }

    private static Notifier.Channel.Slack.Votes votes(View it) {
        var people = it.view("people").orElseThrow();
        return new Notifier.Channel.Slack.Votes(
                file(it, "signing"),
                it.text("up_to").equals(Risk.MEDIUM.word()) ? Risk.MEDIUM : Risk.LOW,
                people.entries().entries().stream()
                        .collect(Collectors.toUnmodifiableMap(who -> people.text(who.key()), Piece.Entry::key)));
    }

    private static String file(View it, String key) {
        return it.view(key).orElseThrow().text("file");
    }

    private static Set<Event> events(View it) {
        if (!it.has("webhook")) {
            return Notifier.OF_PEOPLE;
        }
        return it.has("on")
                ? it.texts("on").stream()
                        .flatMap(word -> Event.of(word).stream())
                        .collect(Collectors.toUnmodifiableSet())
                : Set.copyOf(Event.USUAL);
    }
}
