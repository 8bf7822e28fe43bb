package dev.countersign.approval;

import dev.countersign.http.Json;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.PasskeyPath;
import dev.countersign.ledger.Shown;
import dev.countersign.passkey.CredentialKey;
import dev.countersign.passkey.Registration;
import dev.countersign.passkey.RelyingParty;
import dev.countersign.people.Passkeys;
import dev.countersign.people.Passkeys.Passkey;
import dev.countersign.people.PersonId;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passkeys that people want to sign with, and that somebody else has to agree to, as to their removal: access
/// requests like any other, through the same gate.
///
/// Once anybody has a passkey, nobody else's is enrolled or removed without a signature. The first one is the only one
/// that is taken on people's word.
public final class Enrolling {
    private static final Logger log = LoggerFactory.getLogger(Enrolling.class);
    private static final int AT_ONCE = 100;
    private static final int NONCE = 16;

    /// How many a person may have, or wait for.
    private static final int MOST = 10;

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Eligibility eligibility;
    private final Passkeys passkeys;
    private final Gate gate;
    private final Supplier<InForce> inForce;
    private final RelyingParty party;
    private final String issuer;
    private final InstantSource clock;
    private final Challenges challenges = new Challenges();

    public Enrolling(
            Store store,
            Ledger ledger,
            Approvals approvals,
            Eligibility eligibility,
            Passkeys passkeys,
            Gate gate,
            Supplier<InForce> inForce,
            RelyingParty party,
            String issuer,
            InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.eligibility = eligibility;
        this.passkeys = passkeys;
        this.gate = gate;
        this.inForce = inForce;
        this.party = party;
        this.issuer = issuer;
        this.clock = clock;
    }

    /// What a browser makes a passkey for.
    ///
    /// @param challenge in base64url
    /// @param taken the person's passkeys, on whose authenticators no second one is made
    public record Offer(String challenge, List<String> taken, RelyingParty party, List<Long> algorithms) {}

    /// What comes of asking for one to be enrolled or removed.
    public sealed interface Result {
        /// Somebody else of that group has to agree.
        ///
        /// @param request the access request's id
        /// @param fingerprint what whoever agrees compares
        record Asked(String request, String group, String fingerprint) implements Result {}

        /// The person has no such passkey.
        record Unknown() implements Result {}

        /// What the browser sent is no new passkey; why, as the rest of a sentence.
        record Wrong(String why) implements Result {}

        /// As things stand it cannot be, and why.
        record Refused(String said) implements Result {}
    }

    /// A person's passkeys.
    ///
    /// @param waiting those that others have still to agree to
    public record Mine(List<Passkey> enrolled, List<Passkey> waiting) {}

    /// The passkeys of a person.
    public Mine of(PersonId person) {
        return store.read(tx -> new Mine(passkeys.of(tx, person), passkeys.waiting(tx, person)));
    }

    /// The group of which somebody else agrees.
    public String group() {
        return inForce.get().passkeysAgreedBy();
    }

    /// As much of a passkey's hash as two people compare.
    public static String fingerprint(Passkey it) {
        return PasskeyPath.fingerprint(it.person().value(), it.credential(), it.key(), it.origin());
    }

    /// Why this person could have no passkey enrolled now, as a sentence; empty when they could.
    public Optional<String> against(PersonId person) {
        return against(person, true);
    }

    private Optional<String> against(PersonId person, boolean enrols) {
        var group = group();
        var members = eligibility.members(group, clock.instant());
        return store.read(tx -> against(tx, person, enrols, group, members));
    }

    /// Shows a person's browser what to make a passkey for.
    public Offer offer(PersonId person) {
        return store.writeGuarded(tx -> {
            var shown = Json.canonical(Json.node(
                    Map.of("what", "countersign-passkey/v1", "person", person.value(), "nonce", Ids.secret(NONCE))));
            var challenge = Shown.challenge(shown);
            challenges.add(tx, challenge, new Challenges.Challenge(person, shown, ""));
            var taken =
                    passkeys.of(tx, person).stream().map(Passkey::credential).toList();
            return new Offer(challenge, taken, party, CredentialKey.Algorithm.all());
        });
    }

    /// Asks others to agree to a passkey that the person's browser made.
    ///
    /// @param name the person's own word for it, as people may see it
    public Result enrol(Registration registration, String name, Asker by) {
        var challenge = registration.challenge().orElse("");
        boolean shown = store.writeGuarded(
                tx -> challenges.take(tx, challenge, by.person()).isPresent());
        if (!shown) {
            return new Result.Wrong("it took too long, or was sent before: make it again");
        }
        return switch (registration.check(party, challenge)) {
            case Registration.Checked.Bad(var why) -> new Result.Wrong(why);
            case Registration.Checked.Good(var credential, var key, var count) -> {
                var passkey = new Passkey(
                        credential,
                        by.person(),
                        key,
                        party.origin(),
                        name,
                        count,
                        "",
                        Optional.empty(),
                        clock.instant(),
                        Optional.empty(),
                        Optional.empty());
                yield store.read(tx -> passkeys.find(tx, credential)).isPresent()
                        ? new Result.Wrong("there is a passkey of that id already")
                        : ask(passkey, Member.ENROL, by);
            }
        };
    }

    /// Asks others to agree that a passkey is removed.
    ///
    /// @param administers whether the person may ask that of anybody's
    public Result remove(String credential, Asker by, boolean administers) {
        return store.read(tx -> passkeys.find(tx, credential))
                .filter(it ->
                        it.enrolled().isPresent() && (administers || it.person().equals(by.person())))
                .map(it -> ask(it, Member.REMOVE, by))
                .orElseGet(Result.Unknown::new);
    }

    private Result ask(Passkey passkey, String scope, Asker by) {
        var now = inForce.get();
        boolean enrols = scope.equals(Member.ENROL);
        var against = against(by.person(), enrols);
        if (against.isPresent()) {
            return new Result.Refused(against.get());
        }
        var request = Enrolment.request(issuer, scope, passkey, by, clock.instant());
        boolean signed = store.read(tx -> passkeys.anyBut(tx, by.person()));
        var use = new EnrolmentUse(ledger, passkeys, passkey, enrols, by.person(), signed);
        return switch (gate.settle(Judge.passkey(now, request, signed), use)) {
            case Outcome.Wait(var asked, _) -> asked(asked, now, passkey);
            case Outcome.Ready(var asked) -> asked(asked, now, passkey);
            case Outcome.Go _ -> new Result.Refused("That was agreed to just now.");
            case Outcome.No(_, var said) -> new Result.Refused("It was refused: " + said + ".");
        };
    }

    private static Result asked(String request, InForce now, Passkey passkey) {
        return new Result.Asked(request, now.passkeysAgreedBy(), fingerprint(passkey));
    }

    /// Whoever could agree has to be there, and once somebody has a passkey, to have one, too.
    private Optional<String> against(Tx tx, PersonId person, boolean enrols, String group, Set<PersonId> members) {
        if (enrols && !party.isNamed()) {
            return Optional.of("Browsers make no passkeys for an address such as " + party.id()
                    + ": the server needs an issuer with a name, localhost for one.");
        }
        if (enrols
                && passkeys.of(tx, person).size() + passkeys.waiting(tx, person).size() >= MOST) {
            return Optional.of("You have " + MOST + " passkeys or wait for them: have one removed first.");
        }
        if (members.stream().allMatch(person::equals)) {
            return Optional.of("Nobody else belongs to " + group + ", who could agree to it.");
        }
        if (passkeys.anyBut(tx, person)) {
            boolean signable = passkeys.all(tx).stream()
                    .anyMatch(it -> !it.person().equals(person) && members.contains(it.person()));
            return signable
                    ? Optional.empty()
                    : Optional.of("Nobody else of " + group + " has a passkey, with which to agree to it.");
        }
        return enrols && !members.contains(person)
                ? Optional.of("The first passkey of all is that of somebody of " + group
                        + ", who then agrees to those of others. Ask one of them to begin.")
                : Optional.empty();
    }

    /// Enrols and removes what was agreed to, whichever node it was asked or agreed to at. What cannot be any more
    /// ends, with the reason.
    public void finish() {
        var agreed = new Approvals.Filter(List.of("approved"), Enrolment.CLIENT, Optional.empty(), "", "");
        for (var row : store.read(tx -> approvals.list(tx, agreed, AT_ONCE))) {
            var question = row.approval().question();
            var request = question.request();
            store.read(tx -> passkeys.askedBy(tx, request.id())).ifPresent(passkey -> {
                var use = new EnrolmentUse(
                        ledger,
                        passkeys,
                        passkey,
                        Enrolment.enrols(request),
                        new PersonId(request.subject()),
                        question.verdict().signed());
                try {
                    var outcome = gate.use(request.id(), use);
                    log.info(
                            "{} of a passkey was agreed to by request {}: {}",
                            request.scopes(),
                            request.id(),
                            outcome.said("it is done"));
                } catch (RuntimeException later) {
                    log.warn(
                            "request {} about a passkey is not done yet, and will be tried again", request.id(), later);
                }
            });
        }
    }

    /// Removes all passkeys of a person, by whoever holds the server's host: the way back when everybody who could
    /// agree has lost theirs.
    ///
    /// @return how many there were
    public static int removeAll(Tx tx, Ledger ledger, PersonId person, Entry.Actor by) throws SQLException {
        var passkeys = new Passkeys();
        var all = passkeys.of(tx, person);
        for (var it : all) {
            passkeys.end(tx, it.credential());
            var body = new TreeMap<String, Object>(
                    Map.of(Member.PERSON, person.value(), Member.CREDENTIAL, it.credential()));
            ledger.append(
                    tx,
                    new Entry(
                            Code.PASSKEY_REMOVED,
                            tx.now(),
                            by,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            body,
                            List.of()));
        }
        return all.size();
    }
}
