package dev.countersign.store;

import java.util.concurrent.atomic.AtomicInteger;

/// A step at which a test lets the process end, as a power cut would, so that what a start finds is what that step left
/// behind: `-Dcountersign.failpoint=NAME`, or `NAME:3` for the third time it is passed. Read once; without it, nothing.
public final class Failpoint {
    private static final String SET = System.getProperty("countersign.failpoint", "");
    private static final String NAME = SET.replaceFirst(":.*", "");
    private static final AtomicInteger LEFT =
            new AtomicInteger(SET.contains(":") ? Integer.parseInt(SET.replaceFirst(".*:", "")) : 1);

    private Failpoint() {}

    /// Ends here if that is wanted.
    public static void pass(String name) {
        if (!NAME.isEmpty() && NAME.equals(name) && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(137);
        }
    }
}
