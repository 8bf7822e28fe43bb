package dev.countersign.people;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who joined and who left which group with a publication, a sign-in or provisioning.
public record MembershipChanges(List<Membership> joined, List<Membership> left) {
    /// As many as the ledger entry of a publication names one by one: a leaf has 16 KiB.
    private static final int NAMED = 200;

    /// Nobody did.
    static final MembershipChanges NONE = new MembershipChanges(List.of(), List.of());

    /// Both.
    MembershipChanges and(MembershipChanges other) {
        return new MembershipChanges(
                Stream.concat(joined.stream(), other.joined.stream()).toList(),
                Stream.concat(left.stream(), other.left.stream()).toList());
    }

    /// True when every group is what it was.
    public boolean isEmpty() {
        return joined.isEmpty() && left.isEmpty();
    }

    /// For the body of a ledger entry: `joined` and `left`, each the pseudonyms by group. When they are too many, how
    /// many they are and `digest`, the SHA-256 in hex of the lines `joined GROUP PERSON` and `left GROUP PERSON`,
    /// sorted, each ended by a newline, which the membership table gives again.
    public Map<String, Object> body() {
        return joined.size() + left.size() <= NAMED
                ? Map.of("joined", byGroup(joined), "left", byGroup(left))
                : Map.of("joined", joined.size(), "left", left.size(), "digest", digest());
    }

    private static Map<String, Object> byGroup(List<Membership> memberships) {
        return memberships.stream()
                .collect(Collectors.groupingBy(
                        Membership::group,
                        TreeMap::new,
                        Collectors.collectingAndThen(
                                Collectors.mapping(it -> it.person().value(), Collectors.toCollection(ArrayList::new)),
                                people -> people.stream().sorted().toList())));
    }

    private String digest() {
        var lines = Stream.concat(
                        joined.stream().map(it -> "joined " + it.group() + " " + it.person() + "\n"),
                        left.stream().map(it -> "left " + it.group() + " " + it.person() + "\n"))
                .sorted()
                .collect(Collectors.joining());
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(lines.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
