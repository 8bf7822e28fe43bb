package dev.countersign.approval;

/// Policy says something else of a request by what is counted now. The transaction is rolled back, and what
/// comes of the request begins anew.
final class Moved extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What policy says now.
    final transient Judged judged;

    Moved(Judged judged) {
        super("the count moved", null, false, false);
        this.judged = judged;
    }
}
