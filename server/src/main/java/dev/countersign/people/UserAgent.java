package dev.countersign.people;

import java.util.List;
import java.util.Optional;

/// What kind of program a browser says it is; its versions and plug-ins would tell people apart and are not kept.
final class UserAgent {
    /// The mark in the header and the family, in the order of asking: most browsers also claim to be those below.
    private static final List<String[]> MARKS = List.of(
            new String[] {"Edg", "Edge"},
            new String[] {"OPR/", "Opera"},
            new String[] {"Firefox/", "Firefox"},
            new String[] {"FxiOS/", "Firefox"},
            new String[] {"Chrome/", "Chrome"},
            new String[] {"CriOS/", "Chrome"},
            new String[] {"Safari/", "Safari"},
            new String[] {"curl/", "curl"},
            new String[] {"countersign", "countersign"});

    private UserAgent() {}

    /// The family: a browser's name, or `other`.
    static String family(Optional<String> header) {
        return MARKS.stream()
                .filter(mark -> header.orElse("").contains(mark[0]))
                .map(mark -> mark[1])
                .findFirst()
                .orElse("other");
    }
}
