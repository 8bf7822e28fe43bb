package dev.countersign.policy;

/// How a condition weighs, for all requests at once: when it is known to hold and when it is known not to. It is
/// unknown when neither is true.
record Both(Formula yes, Formula no) {
    static final Both UNKNOWN = new Both(Formula.FALSE, Formula.FALSE);

    static Both of(Formula yes) {
        return new Both(yes, yes.not());
    }

    Both not() {
        return new Both(no, yes);
    }

    Both and(Both other) {
        return new Both(yes.and(other.yes), no.or(other.no));
    }

    Both or(Both other) {
        return new Both(yes.or(other.yes), no.and(other.no));
    }

    /// Whether both are true or both false.
    Both same(Both other) {
        return choose(other, other.not());
    }

    /// This when it holds, that when it does not, and unknown when that is unknown.
    Both choose(Both then, Both otherwise) {
        return new Both(
                yes.and(then.yes).or(no.and(otherwise.yes)), yes.and(then.no).or(no.and(otherwise.no)));
    }

    /// What it is when this is so, and false when it is not.
    Both given(Formula present) {
        return new Both(present.and(yes), present.not().or(no));
    }
}
