package dev.countersign.people;

import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The way in by user name and password.
///
/// Whether a user exists shows neither in the answer nor in the work done for it. Successes are in the ledger, failures
/// as well, but no faster than a flood of them could do harm.
public final class SignIns implements AutoCloseable {
    /// What is checked when the configuration has no local people: of random bits, so of no password.
    private static final PasswordHash NOBODY = PasswordHash.parse(
            "$argon2id$v=19$m=19456,t=2,p=1$" + "iHFgPGkO+JLJuqdtsRSj4w$X599LQSy7vmH7FTYGhhd/uZVUBxjrMJ/kl2f2eQv23s");

    private static final Duration BUSY = Duration.ofSeconds(2);
    private static final int WAITING_A_THREAD = 8;

    private final Store store;
    private final SignInEntries entries;
    private final People people;
    private final Sessions sessions;
    private final KeyedHash hash;
    private final Supplier<Map<String, LocalPerson>> locals;
    private final DeviceTokens deviceTokens;
    private final Slowdown slowdown;
    private final Allowance failures;
    private final PasswordChecks checks;

    /// @param locals by user name, as the configuration now in force has them
    public SignIns(
            Store store,
            Ledger ledger,
            People people,
            Sessions sessions,
            KeyedHash hash,
            Supplier<Map<String, LocalPerson>> locals,
            InstantSource clock) {
        int cores = Runtime.getRuntime().availableProcessors();
        this(store, ledger, people, sessions, hash, locals, clock, new PasswordChecks(cores, cores * WAITING_A_THREAD));
    }

    SignIns(
            Store store,
            Ledger ledger,
            People people,
            Sessions sessions,
            KeyedHash hash,
            Supplier<Map<String, LocalPerson>> locals,
            InstantSource clock,
            PasswordChecks checks) {
        this.store = store;
        this.entries = new SignInEntries(ledger);
        this.people = people;
        this.sessions = sessions;
        this.hash = hash;
        this.locals = locals;
        this.deviceTokens = new DeviceTokens(hash, clock);
        this.slowdown = new Slowdown(hash, clock);
        this.failures = new Allowance(30, Duration.ofSeconds(10), clock);
        this.checks = checks;
    }

    /// Whether anybody signs in with a password.
    public boolean isByPassword() {
        return !locals.get().isEmpty();
    }

    /// Tries to sign somebody in. Not from inside a write.
    public SignIn signIn(Attempt attempt) {
        var known = locals.get();
        var person = Optional.ofNullable(known.get(attempt.user())).flatMap(it -> people.find(Person.LOCAL, it.user()));
        var device = person.flatMap(it -> attempt.device().flatMap(token -> deviceTokens.device(token, it.id())));
        var who = Slowdown.who(attempt, device);
        var wait = slowdown.take(who);
        if (!wait.isZero()) {
            return new SignIn.Slow(wait);
        }
        var against = against(attempt.user(), known);
        var right = checks.run(device.isEmpty(), () -> against.matches(attempt.password()));
        if (right.isEmpty()) {
            slowdown.giveBack(who);
            return new SignIn.Busy(BUSY);
        }
        if (person.isEmpty() || !right.get()) {
            failed(attempt, person);
            return new SignIn.Wrong();
        }
        slowdown.forgive(who);
        return succeeded(attempt, person.get(), device.isPresent());
    }

    /// The user's hash. For a user that does not exist the hash of somebody, always the same one, so that it takes as
    /// long as for a user that does, whatever parameters the hashes have.
    private PasswordHash against(String user, Map<String, LocalPerson> known) {
        var local = known.get(user);
        if (local != null) {
            return local.passwordHash();
        }
        if (known.isEmpty()) {
            return NOBODY;
        }
        int somebody = Math.floorMod(hash.of("user", user).hashCode(), known.size());
        return known.values().stream()
                .skip(somebody)
                .map(LocalPerson::passwordHash)
                .findFirst()
                .orElse(NOBODY);
    }

    private SignIn succeeded(Attempt attempt, Person person, boolean knownDevice) {
        var agent = UserAgent.family(attempt.userAgent());
        var started = store.write(tx -> {
            Map<String, Object> body = Map.of(
                    "method",
                    "password",
                    "network",
                    entries.network(attempt.from()),
                    "user_agent",
                    entries.userAgent(agent),
                    "known_device",
                    knownDevice);
            entries.succeeded(tx, person.id(), attempt.from(), agent, body, List.of());
            return sessions.start(tx, person.id(), agent, attempt.session());
        });
        return new SignIn.Done(person, started.session(), started.cookie(), deviceTokens.issue(person.id()));
    }

    private void failed(Attempt attempt, Optional<Person> person) {
        var missed = failures.take();
        if (missed.isEmpty()) {
            return;
        }
        var body = new HashMap<String, Object>();
        body.put("method", "password");
        body.put("network", entries.network(attempt.from()));
        body.put("unwritten", missed.getAsLong());
        // A user name that is nobody's may be a password typed into the wrong field.
        var disclosed = person.map(it -> new Entry.Disclosure(it.id().value(), "user", it.user())).stream()
                .toList();
        store.write(tx -> {
            entries.failed(tx, body, disclosed);
            return true;
        });
    }

    @Override
    public void close() {
        checks.close();
    }
}
