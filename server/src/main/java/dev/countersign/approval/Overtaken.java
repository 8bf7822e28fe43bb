package dev.countersign.approval;

import java.util.function.Supplier;

/// A step was taken from a version that is not the row's any more. The transaction is rolled back and the step is taken
/// again from where the row then stands.
final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Overtaken() {
        super("another thread or node was first", null, false, false);
    }

    static <T> T retry(Supplier<T> step) {
        while (true) {
            try {
                return step.get();
            } catch (Overtaken again) {
                Thread.onSpinWait();
            }
        }
    }
}
