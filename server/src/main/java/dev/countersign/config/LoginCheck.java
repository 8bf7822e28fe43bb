package dev.countersign.config;

import dev.countersign.source.Secrets;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Looks at who signs in, and how: that each provider is there once, where its secret is kept, and that an identity is
/// one person.
final class LoginCheck {
    private final Faults faults;

    LoginCheck(Faults faults) {
        this.faults = faults;
    }

    void check(View root) {
        var login = root.view("login");
        var providers = login.map(it -> it.views("oidc")).orElse(List.of());
        providers(providers);
        var ids = providers.stream().map(it -> it.text("id")).collect(Collectors.toCollection(TreeSet::new));
        login.ifPresent(it -> people(it, ids));
        root.named("groups").values().stream()
                .flatMap(it -> it.view("from").stream())
                .forEach(it -> known(it, ids));
    }

    private void providers(List<View> providers) {
        var issuers = new HashSet<String>();
        for (var it : providers) {
            var issuer = it.text("issuer");
            if (!issuer.isEmpty() && !issuers.add(issuer)) {
                faults.add(
                        it.at("issuer"),
                        "two providers are of the issuer " + issuer
                                + ", so that nobody could tell their people apart; keep one");
            }
            if (Form.RESOURCE.problem(issuer).isEmpty() && URI.create(issuer).getRawQuery() != null) {
                faults.add(it.at("issuer"), "an issuer has no query (OpenID Connect Discovery 1.0); take it out");
            }
            it.view("client_secret")
                    .filter(secret -> !secret.text("file").isEmpty())
                    .filter(secret -> !Secrets.isName(secret.text("file")))
                    .ifPresent(secret -> faults.add(
                            secret.at("file"),
                            "the secret for a provider is a file in the folder `" + Secrets.FOLDER + "`, such as `"
                                    + Secrets.FOLDER + "/" + it.text("id") + "`; put it there"));
        }
    }

    private void people(View login, Collection<String> ids) {
        var locals = login.views("local").stream().map(it -> it.text("user")).collect(Collectors.toSet());
        Set<String> identities = new HashSet<>();
        for (var person : login.views("people")) {
            var user = person.text("user");
            for (var key : List.of("name", "email")) {
                if (locals.contains(user) && person.has(key)) {
                    faults.add(
                            person.at(key),
                            "`" + user + "` signs in with a password, and has the `" + key
                                    + "` that stands there; take this one out");
                }
            }
            for (var identity : person.views("is")) {
                known(identity, ids);
                if (!identities.add(identity.text("login") + " " + identity.text("subject"))) {
                    faults.add(
                            identity.at("subject"),
                            "`" + identity.text("subject") + "` of `" + identity.text("login")
                                    + "` is one person; it stands here twice");
                }
            }
        }
    }

    private void known(View it, Collection<String> ids) {
        it.scalar("login")
                .ifPresent(login -> Names.missing("provider", login.text(), ids)
                        .ifPresent(missing -> faults.add(login.at(), missing)));
    }
}
