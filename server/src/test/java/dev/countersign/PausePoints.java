package dev.countersign;

import org.jspecify.annotations.Nullable;

/// Where a test can stop whoever works for it: when the time is asked for and, with a [PausingDriver], before each
/// statement and on both sides of each commit. The product knows nothing of it.
public final class PausePoints {
    private static final ThreadLocal<@Nullable Stop> HERE = new ThreadLocal<>();

    /// Is told of each point, and returns when it may be passed.
    @FunctionalInterface
    public interface Stop {
        /// Stops there for as long as it takes.
        ///
        /// @param backend the process at the database that it is about; 0 when it is about none
        void at(String point, int backend);
    }

    private PausePoints() {}

    /// Stops this thread at its points from here on.
    public static void stopHere(Stop stop) {
        HERE.set(stop);
    }

    /// A point that an operation of a test has by itself.
    public static void reached(String point) {
        reached(point, 0);
    }

    static void reached(String point, int backend) {
        var here = HERE.get();
        if (here != null) {
            here.at(point, backend);
        }
    }
}
