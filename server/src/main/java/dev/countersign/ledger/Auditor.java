package dev.countersign.ledger;

import dev.countersign.ledger.Verification.Bad;
import dev.countersign.ledger.Verification.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads entries in their order and says which is the first that should not have been written.
///
/// It keeps what is open of a request while it waits, and some hundred bytes of one that is over.
final class Auditor {
    /// How much earlier than an entry before it an entry may be: what is sealed waits for its turn to be written.
    static final Duration SKEW = Duration.ofSeconds(10);

    private final Map<Name, Course> courses = new HashMap<>();
    private final Set<Name> tokens = new HashSet<>();
    private final PasskeyBook passkeys = new PasskeyBook();
    private final AbsenceBook absences = new AbsenceBook();
    private final ShiftBook shifts = new ShiftBook();
    private final RestBook rests = new RestBook();
    private Instant latest = Instant.MIN;
    private final Set<String> names = new HashSet<>();
    private String origin = "";
    private long namedAt;

    /// A name of any length in sixteen bytes, since there are millions.
    private record Name(long high, long low) {
        static Name of(String name) {
            var digest = ByteBuffer.wrap(Merkle.sha256().digest(name.getBytes(StandardCharsets.UTF_8)));
            return new Name(digest.getLong(), digest.getLong());
        }
    }

    /// The fault of the next entry; empty when it is as it should be.
    Optional<Bad> read(EntryView entry) {
        try {
            check(entry);
            return Optional.empty();
        } catch (Objection objection) {
            return Optional.of(new Bad(entry.index(), objection.fault, objection.said));
        }
    }

    /// The fault of all that was read when it is not the ledger of that name; empty when it is. A restored backup goes
    /// on under another name, which its entry says.
    Optional<Bad> notOf(String name) {
        return origin.equals(name)
                ? Optional.empty()
                : Optional.of(new Bad(namedAt, Fault.MALFORMED, "from here on it is the ledger " + origin));
    }

    /// True when what was read is, or was before a backup was restored, the ledger of that name.
    boolean knows(String name) {
        return names.contains(name);
    }

    /// What is wrong with an entry.
    static final class Objection extends Exception {
        final Fault fault;
        final Promise promise;
        final String said;

        Objection(Fault fault, Promise promise, String said) {
            super(said, null, false, false);
            this.fault = fault;
            this.promise = promise;
            this.said = said;
        }

        /// It stands where it must not, whatever it says.
        static void unless(boolean holds, Fault fault, String said) throws Objection {
            if (!holds) {
                throw new Objection(fault, Promise.FORWARD, said);
            }
        }

        /// It should not have been written.
        static void unless(boolean holds, Promise promise, String said) throws Objection {
            if (!holds) {
                throw new Objection(Fault.UNJUSTIFIED, promise, said);
            }
        }
    }

    private void check(EntryView entry) throws Objection {
        place(entry);
        if (entry.request().isPresent()) {
            follow(entry, entry.request().get());
        } else if (entry.code() == Code.CONFIGURATION_PUBLISHED) {
            passkeys.published(entry);
        } else if (entry.code() == Code.PASSKEY_REMOVED) {
            passkeys.removed(entry, Optional.empty(), false);
        } else if (entry.code() == Code.PERSON_AWAY) {
            absences.away(entry);
        } else if (entry.code() == Code.PERSON_BACK) {
            absences.back(entry);
        } else if (entry.code() == Code.GROUP_ON_CALL) {
            shifts.changed(entry);
        }
    }

    /// What is said of signatures, which one request alone does not tell.
    private void signed(EntryView entry, Course course) throws Objection {
        switch (entry.code()) {
            case REQUEST_JUDGED -> passkeys.judged(entry, course.made());
            case REQUEST_VOTED -> passkeys.voted(entry, course.made(), course.judged());
            case BREAK_GLASS_USED -> passkeys.broke(course.broke());
            case BREAK_GLASS_REVIEWED -> passkeys.looked(entry, course.broke());
            case PASSKEY_ENROLLED -> passkeys.enrolled(entry, course.spent(), course.isSigned());
            case PASSKEY_REMOVED -> passkeys.removed(entry, Optional.of(course.spent()), course.isSigned());
            default -> {} // says nothing of signatures
        }
    }

    /// What is wrong with an entry where it stands, whatever became of its request; empty when nothing is.
    Optional<Bad> readAlone(EntryView entry) {
        try {
            place(entry);
            return Optional.empty();
        } catch (Objection objection) {
            return Optional.of(new Bad(entry.index(), objection.fault, objection.said));
        }
    }

    private void place(EntryView entry) throws Objection {
        boolean opens = entry.code() == Code.LEDGER_OPENED;
        Objection.unless(
                opens == (entry.index() == 0), Fault.MALFORMED, "a ledger begins with ledger.opened, and only begins");
        if (opens || entry.code() == Code.BACKUP_RESTORED) {
            origin = entry.text(Member.ORIGIN);
            names.add(origin);
            namedAt = entry.index();
        }
        if (entry.index() > 0 && entry.at().isBefore(latest.minus(SKEW))) {
            throw new Objection(
                    Fault.TIME,
                    Promise.FORWARD,
                    entry.at() + " is more than " + SKEW.toSeconds() + " s before an earlier entry's " + latest);
        }
        latest = entry.index() == 0 || entry.at().isAfter(latest) ? entry.at() : latest;
        if (entry.request().isEmpty()) {
            Objection.unless(!entry.code().isOfRequest(), Fault.CHAIN, "it belongs to no request");
            Objection.unless(entry.previous().isEmpty(), Fault.CHAIN, "it follows an entry but belongs to no request");
        }
    }

    private void follow(EntryView entry, String request) throws Objection {
        var name = Name.of(request);
        var course = courses.computeIfAbsent(name, _ -> new Course());
        course.take(entry);
        signed(entry, course);
        if (entry.code() == Code.REQUEST_VOTED) {
            absences.voted(entry);
            shifts.spoke(entry);
            rests.voted(entry, course.judged());
        }
        if (entry.code() == Code.BREAK_GLASS_REVIEWED) {
            shifts.spoke(entry);
        }
        if (entry.code() == Code.TOKEN_MINTED) {
            if (entry.text(Member.BY).equals(Member.BY_APPROVAL)) {
                var agreed = courses.getOrDefault(Name.of(entry.text(Member.APPROVAL)), new Course());
                agreed.further(entry);
                passkeys.further(entry, agreed.isSigned());
            }
            Objection.unless(
                    tokens.add(Name.of(entry.text(Member.JTI))), Promise.ONE_TOKEN, "a second token has its jti");
        }
    }
}
