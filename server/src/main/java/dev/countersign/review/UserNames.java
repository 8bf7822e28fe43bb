package dev.countersign.review;

import dev.countersign.people.People;
import dev.countersign.people.PersonId;

/// Whom a caller means by a user name.
final class UserNames {
    private UserNames() {}

    /// The one person present of that name.
    ///
    /// @param page where one may choose among several of one name
    /// @throws Problem when nobody has it, or several have
    static PersonId person(People people, String user, String page) {
        var named =
                people.present().stream().filter(it -> it.user().equals(user)).toList();
        if (named.size() != 1) {
            throw new Problem(
                    422,
                    "Not possible",
                    named.isEmpty()
                            ? "there is nobody here of that user name"
                            : "several people here have that user name: choose on " + page);
        }
        return named.getFirst().id();
    }
}
