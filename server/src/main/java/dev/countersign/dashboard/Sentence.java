package dev.countersign.dashboard;

/// Who wants to do what to which thing, for how long.
///
/// @param who "Refund bot"
/// @param what "refund a payment"
/// @param where "Payments API"
/// @param howLong "2 minutes"; empty when the client left that open
public record Sentence(String who, String what, String where, String howLong) {
    @Override
    public String toString() {
        return who + " wants to " + what + " at " + where + (howLong.isEmpty() ? "" : " for " + howLong);
    }
}
