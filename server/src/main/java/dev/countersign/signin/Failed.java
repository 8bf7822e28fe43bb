package dev.countersign.signin;

/// Ends a sign-in. Nobody outside of this package sees it: [Logins] makes a value of it.
final class Failed extends Exception {
    private static final long serialVersionUID = 1;
    final Failure failure;

    /// @param because for our log alone
    Failed(Failure failure, String because) {
        super(because, null, false, false);
        this.failure = failure;
    }

    String because() {
        return String.valueOf(getMessage());
    }
}
