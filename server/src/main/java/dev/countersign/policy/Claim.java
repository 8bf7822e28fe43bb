package dev.countersign.policy;

/// What somebody says of all requests: of those for which a condition is known to hold, that they never get a verdict,
/// or always get it.
///
/// @param name what it says, in words
/// @param never whether the verdict is the one they never get, and not the one they always get
/// @param verdict `approve`, `review` or `deny`
public record Claim(String name, Condition assume, boolean never, String verdict) {
    /// Of which requests it speaks when it does not say: of all.
    public static final String ALL = "true";

    /// Whether this verdict is as it says.
    public boolean allows(String word) {
        return word.equals(verdict) != never;
    }

    /// Whether a request shows it to be wrong: it speaks of it, and its verdict is another than it says.
    public boolean isRefutedBy(Policy policy, Facts facts) {
        return assume.weigh(Activation.of(facts)).truth() == Truth.YES
                && !allows(policy.judge(facts).verdict().word());
    }
}
