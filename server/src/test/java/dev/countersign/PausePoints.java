package dev.countersign;

import org.jspecify.annotations.Nullable;

/// Where a test can stop whoever works for it: when the time is asked for and, with a [PausingDriver], before each
/// statement and on both sides of each commit. The product knows nothing of it.
public final class PausePoints {
    private static final ThreadLocal<@Nullable Stop> HERE = new ThreadLocal<>();
    private static volatile @Nullable Others others;

    /// Is told of each point, and returns when it may be passed.
    @FunctionalInterface
    public interface Stop {
        /// Stops there for as long as it takes.
        ///
        /// @param backend the process at the database that it is about; 0 when it is about none
        void at(String point, int backend);
    }

    private record Others(String threads, Stop stop) {}

    private PausePoints() {}

    /// Stops this thread at its points from here on.
    public static void stopHere(Stop stop) {
        HERE.set(stop);
    }

    /// Stops threads of the server, too, that work for this one and whose names begin so.
    public static void stopAlso(String threads) {
        var here = HERE.get();
        others = here == null ? null : new Others(threads, here);
    }

    /// Lets all threads but those of [#stopHere] go on.
    public static void letOthersGo() {
        others = null;
    }

    /// A point that an operation of a test has by itself.
    public static void reached(String point) {
        reached(point, 0);
    }

    static void reached(String point, int backend) {
        var here = HERE.get();
        var also = others;
        if (here != null) {
            here.at(point, backend);
        } else if (also != null && Thread.currentThread().getName().startsWith(also.threads())) {
            also.stop().at(point, backend);
        }
    }
}
