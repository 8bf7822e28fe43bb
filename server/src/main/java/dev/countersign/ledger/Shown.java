package dev.countersign.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a reviewer was shown and signs by voting, or by what they say of broken glass afterwards: the request as it
/// then stood, and what their word says of it. Its hash is the challenge that the passkey signs.
///
/// It names the request's last entry, and by that all before it: a signature on one request, or on one at which others
/// voted meanwhile, is none on another.
///
/// @param form what kind of word it is
/// @param follows the request's last entry when it was shown
/// @param terms the digest of what is asked; of broken glass, of what went out
/// @param grants the digest of what this vote leaves of it; empty of a denial
/// @param scopes what it leaves, as are the next three; none of a denial
/// @param comment the salted digest of the reviewer's own words, see [#comment]; empty when there are none
/// @param nonce what makes it be of this one time
public record Shown(
        Form form,
        String request,
        LeafHash follows,
        String person,
        String vote,
        String client,
        String resource,
        String terms,
        String grants,
        List<String> scopes,
        String detailsDigest,
        long lifetimeSeconds,
        long uses,
        String policy,
        String risk,
        String comment,
        String nonce) {
    /// What is signed by one form is nothing by another.
    public enum Form {
        /// A vote on a request that waits.
        VOTE("countersign-vote/v1"),
        /// What a person says of broken glass afterwards.
        LOOK("countersign-look/v1");

        private final String wire;

        Form(String wire) {
            this.wire = wire;
        }

        private static Optional<Form> of(@Nullable Object wire) {
            return Arrays.stream(values()).filter(it -> it.wire.equals(wire)).findFirst();
        }
    }

    private static final String WHAT = "what";
    private static final String FOLLOWS = "follows";
    private static final String PERSON = "person";
    private static final String TERMS = "terms";
    private static final String GRANTS = "grants";
    private static final String NONCE = "nonce";

    /// What a vote on this is shown as.
    ///
    /// @param ask what is asked
    /// @param left what the vote leaves of it; empty when it denies
    public static Shown of(
            String request,
            LeafHash follows,
            String person,
            String vote,
            Terms ask,
            Optional<Terms> left,
            String policy,
            String risk,
            String comment,
            String nonce) {
        return of(Form.VOTE, request, follows, person, vote, ask, left, policy, risk, comment, nonce);
    }

    /// What a word on broken glass is shown as. What went out stands where a vote has what it leaves.
    ///
    /// @param minted the token that went out
    /// @param word `approve` or `object`
    public static Shown look(
            EntryView minted, LeafHash follows, String person, String word, String comment, String nonce) {
        var out = Leave.granted(minted);
        return of(
                Form.LOOK,
                minted.request().orElse(""),
                follows,
                person,
                word,
                out,
                Optional.of(out),
                minted.text(Member.POLICY_VERSION),
                minted.text(Member.RISK),
                comment,
                nonce);
    }

    private static Shown of(
            Form form,
            String request,
            LeafHash follows,
            String person,
            String vote,
            Terms ask,
            Optional<Terms> left,
            String policy,
            String risk,
            String comment,
            String nonce) {
        return new Shown(
                form,
                request,
                follows,
                person,
                vote,
                ask.client(),
                ask.resource(),
                ask.digest(),
                left.map(Terms::digest).orElse(""),
                left.map(Terms::scopes).orElse(List.of()),
                left.map(Terms::detailsDigest).orElse(""),
                left.map(Terms::lifetimeSeconds).orElse(0L),
                left.map(Terms::uses).orElse(0L),
                policy,
                risk,
                comment,
                nonce);
    }

    /// A comment as it stands here: whoever does not know the salt cannot try out what it said once it is forgotten.
    public static String comment(String salt, String comment) {
        return comment.isEmpty() ? "" : digest((salt + "\0" + comment).getBytes(StandardCharsets.UTF_8));
    }

    /// The canonical JSON that is hashed.
    public String json() {
        var members = new HashMap<String, Object>(Map.of(
                WHAT,
                form.wire,
                Member.REQUEST,
                request,
                FOLLOWS,
                follows.text(),
                PERSON,
                person,
                Member.VOTE,
                vote,
                Member.CLIENT,
                client,
                Member.RESOURCE,
                resource,
                TERMS,
                terms,
                Member.POLICY_VERSION,
                policy,
                Member.RISK,
                risk));
        members.put(GRANTS, grants);
        members.put(Member.SCOPES, scopes);
        members.put(Member.DETAILS_DIGEST, detailsDigest);
        members.put(Member.LIFETIME, lifetimeSeconds);
        members.put(Member.USES, uses);
        members.put(Member.COMMENT, comment);
        members.put(NONCE, nonce);
        return new String(LeafWriter.write(LeafWriter.normal((Object) members)), StandardCharsets.UTF_8);
    }

    /// What a passkey signs: SHA-256 of the canonical JSON, in base64url.
    public String challenge() {
        return challenge(json());
    }

    /// The same of any text that is shown.
    public static String challenge(String shown) {
        return digest(shown.getBytes(StandardCharsets.UTF_8));
    }

    /// What was shown; empty when the text is no such thing.
    public static Optional<Shown> read(String json) {
        try {
            return LeafReader.read(json.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map
                    ? Form.of(map.get(WHAT)).map(it -> of(it, map))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Shown of(Form form, Map<?, ?> map) {
        return new Shown(
                form,
                text(map, Member.REQUEST),
                new LeafHash(text(map, FOLLOWS)),
                text(map, PERSON),
                text(map, Member.VOTE),
                text(map, Member.CLIENT),
                text(map, Member.RESOURCE),
                text(map, TERMS),
                text(map, GRANTS),
                EntryView.texts(map.get(Member.SCOPES)),
                text(map, Member.DETAILS_DIGEST),
                number(map, Member.LIFETIME),
                number(map, Member.USES),
                text(map, Member.POLICY_VERSION),
                text(map, Member.RISK),
                text(map, Member.COMMENT),
                text(map, NONCE));
    }

    private static String text(Map<?, ?> map, String member) {
        return map.get(member) instanceof String text ? text : "";
    }

    private static long number(Map<?, ?> map, String member) {
        return map.get(member) instanceof Long number ? number : 0;
    }

    /// The same with another's comment and nonce, which nothing else tells.
    Shown like(Shown other) {
        return new Shown(
                form,
                request,
                follows,
                person,
                vote,
                client,
                resource,
                terms,
                grants,
                scopes,
                detailsDigest,
                lifetimeSeconds,
                uses,
                policy,
                risk,
                other.comment,
                other.nonce);
    }

    private static String digest(byte[] bytes) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Merkle.sha256().digest(bytes));
    }
}
