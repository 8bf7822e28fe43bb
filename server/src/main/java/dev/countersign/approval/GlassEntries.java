package dev.countersign.approval;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Entry.Actor;
import dev.countersign.ledger.Entry.Disclosure;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import dev.countersign.people.PersonId;
import dev.countersign.policy.BreakGlass;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The ledger entries about broken glass that follow the one of its token.
final class GlassEntries {
    private GlassEntries() {}

    /// People have to look at it, by then.
    ///
    /// @param limits how often its rules allow it
    static Entry used(GlassUse use, List<BreakGlass.Limit> limits, LeafHash previous) {
        var body = of(use);
        body.put(Member.SUBJECT, use.subject());
        body.put(Member.OWNER, use.ownedBy());
        body.put(Member.POLICY_VERSION, use.version());
        body.put(
                Member.STAGES,
                use.stages().stream()
                        .map(it -> Map.of(Member.GROUP, it.group(), Member.VOTES, it.votes()))
                        .toList());
        body.put(
                Member.LIMITS,
                limits.stream()
                        .map(it -> Map.of(
                                Member.RULE,
                                it.rule(),
                                Member.TIMES,
                                it.times(),
                                Member.PER,
                                it.per().toSeconds()))
                        .toList());
        body.put(Member.REVIEW_BY, use.reviewBy().toEpochMilli());
        if (use.signed()) {
            body.put(Member.SIGNED, true);
        }
        return entry(Code.BREAK_GLASS_USED, use, Entries.POLICY, use.at(), previous, body, List.of());
    }

    /// One person's word.
    ///
    /// @param signed how it is signed; empty when it is not
    /// @param seats the stages it counts for
    /// @param outcome what it led to: `approved`, `objected`, or empty while others have still to look
    static Entry reviewed(
            GlassUse use,
            GlassUse.Said said,
            Optional<Signatures.Signed> signed,
            Seats seats,
            String outcome,
            Map<PersonId, Set<String>> counting,
            LeafHash previous) {
        var body = of(use);
        body.put(Member.VOTE, said.word().word());
        Entries.seats(body, seats);
        if (!outcome.isEmpty()) {
            body.put(Member.OUTCOME, outcome);
        }
        if (outcome.equals(Member.APPROVED)) {
            var counted = new TreeMap<String, List<String>>();
            counting.forEach((person, groups) ->
                    counted.put(person.value(), groups.stream().sorted().toList()));
            body.put(Member.COUNTED, counted);
        }
        signed.ifPresent(it -> body.put(Member.SIGNATURE, Entries.signature(it)));
        return entry(
                Code.BREAK_GLASS_REVIEWED,
                use,
                new Actor("person", said.person().value()),
                said.at(),
                previous,
                body,
                comment(said, signed));
    }

    /// An administrator lets it go on after an objection.
    static Entry lifted(GlassUse use, PersonId by, String reason, Instant at, LeafHash previous) {
        return entry(
                Code.BREAK_GLASS_LIFTED,
                use,
                new Actor("person", by.value()),
                at,
                previous,
                of(use),
                List.of(new Disclosure(by.value(), Member.REASON, reason)));
    }

    private static List<Disclosure> comment(GlassUse.Said said, Optional<Signatures.Signed> signed) {
        if (said.comment().isEmpty()) {
            return List.of();
        }
        var person = said.person().value();
        return Stream.concat(
                        Stream.of(new Disclosure(person, Member.COMMENT, said.comment())),
                        signed.stream().map(it -> new Disclosure(person, Member.COMMENT_SALT, it.salt())))
                .toList();
    }

    private static Map<String, Object> of(GlassUse use) {
        var body = new TreeMap<String, Object>();
        body.put(Member.CLIENT, use.client());
        body.put(Member.RULES, use.rules());
        return body;
    }

    private static Entry entry(
            Code code,
            GlassUse use,
            Actor by,
            Instant at,
            LeafHash previous,
            Map<String, Object> body,
            List<Disclosure> disclosures) {
        return new Entry(
                code, at, by, Optional.of(use.request()), Optional.of(previous), Optional.empty(), body, disclosures);
    }
}
