package dev.countersign.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How many requests come in a minute, in ten and in an hour, and how many of them usually led to a token.
record Rate(List<Window> windows) {
    /// The windows' lengths in minutes.
    static final List<Integer> MINUTES = List.of(1, 10, 60);

    static final Rate NONE = new Rate(List.of(Window.NONE, Window.NONE, Window.NONE));

    private static final double BURST = 1e-4;
    private static final double STORM = 1e-6;
    private static final int BURST_COUNT = 5;
    private static final int STORM_COUNT = 10;
    private static final double TIMES_MEAN = 3;
    private static final double DAY = 24 * 60;

    /// A window that is open, and what those before it had.
    ///
    /// @param index windows since 1970
    /// @param asked requests in it so far
    /// @param minted tokens in it so far
    /// @param n how many are behind it, forgotten as time goes by
    /// @param sum of the tokens in these
    /// @param squares of the tokens in these
    record Window(long index, int asked, int minted, double n, double sum, double squares) {
        static final Window NONE = new Window(0, 0, 0, 0, 0, 0);

        private boolean isEmpty() {
            return index == 0;
        }

        private Window with(int moreAsked, int moreMinted) {
            return new Window(index, asked + moreAsked, minted + moreMinted, n, sum, squares);
        }

        /// As it stands in the window of that index: what was open is counted with those behind.
        ///
        /// @param most as many tokens as one window may add
        private Window at(long now, int minutes, int most) {
            if (isEmpty()) {
                return new Window(now, 0, 0, 0, 0, 0);
            }
            if (now <= index) {
                return this;
            }
            double one = Decay.left(minutes, Decay.LONG);
            double all = Decay.left((double) (now - index) * minutes, Decay.LONG);
            double counted = Math.min(minted, most);
            double passed = (1 - all) / (1 - one);
            return new Window(now, 0, 0, n * all + passed, (sum + counted) * all, (squares + counted * counted) * all);
        }
    }

    /// More requests in a window than usual.
    ///
    /// @param chance how likely that many are, or more
    /// @param behind how many windows that is computed from
    record Burst(int minutes, int count, double mean, double chance, long behind) {
        boolean isStorm() {
            return chance < STORM && count >= STORM_COUNT;
        }
    }

    Rate asked(Instant at, Rate peers) {
        return with(at, peers, 1, 0);
    }

    Rate minted(Instant at, Rate peers) {
        return with(at, peers, 0, 1);
    }

    /// Asked and minted at once.
    Rate passed(Instant at, Rate peers) {
        return with(at, peers, 1, 1);
    }

    private Rate with(Instant at, Rate peers, int asked, int minted) {
        var all = new ArrayList<Window>(windows.size());
        for (int i = 0; i < windows.size(); i++) {
            var window = windows.get(i);
            int minutes = MINUTES.get(i);
            long index = index(at, minutes);
            boolean over = !window.isEmpty() && index > window.index();
            int most = over ? most(i, window, peers) : 0;
            all.add(window.at(index, minutes, most).with(asked, minted));
        }
        return new Rate(List.copyOf(all));
    }

    /// With what closes of a client's windows at that time, of which this holds those of many.
    Rate pooled(Rate own, Instant at) {
        var all = new ArrayList<Window>(windows.size());
        for (int i = 0; i < windows.size(); i++) {
            var pool = windows.get(i);
            var window = own.windows().get(i);
            int minutes = MINUTES.get(i);
            long now = index(at, minutes);
            if (window.isEmpty() || now <= window.index()) {
                all.add(pool);
                continue;
            }
            double left =
                    pool.isEmpty() ? 1 : Decay.left((double) Math.max(0, now - pool.index()) * minutes, Decay.LONG);
            double counted = Math.min(window.minted(), most(i, window, this));
            all.add(new Window(
                    Math.max(now, pool.index()),
                    0,
                    0,
                    pool.n() * left + now - window.index(),
                    pool.sum() * left + counted,
                    pool.squares() * left + counted * counted));
        }
        return new Rate(List.copyOf(all));
    }

    /// A window adds no more than would just not be a burst, so that a flood does not teach that floods are usual.
    /// Where nothing is known yet it adds all.
    private static int most(int i, Window window, Rate peers) {
        if (window.minted() < BURST_COUNT || window.n() < DAY / MINUTES.get(i) * 14) {
            return window.minted();
        }
        var expected = expected(i, window, peers);
        if (!isBurst(window.minted(), expected)) {
            return window.minted();
        }
        int low = 0;
        int high = window.minted();
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (isBurst(middle, expected)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private record Expected(double mean, double shape, double behind) {
        double chance(int count) {
            return Tail.atLeast(count, mean, shape);
        }
    }

    private static boolean isBurst(int count, Expected expected) {
        return count >= BURST_COUNT && count >= TIMES_MEAN * expected.mean() && expected.chance(count) < BURST;
    }

    /// What is behind, with a day of the peers' beside it. The shape is that of a gamma posterior whose weight is
    /// all of that, or as much less as the windows differed from one another.
    private static Expected expected(int i, Window own, Rate peers) {
        var other = peers.windows().get(i);
        double weight = other.n() > 0 ? Math.min(other.n(), DAY / MINUTES.get(i)) : 0;
        double scale = other.n() > 0 ? weight / other.n() : 0;
        double n = own.n() + weight;
        double sum = own.sum() + scale * other.sum();
        double squares = own.squares() + scale * other.squares();
        if (n <= 0 || sum <= 0) {
            return new Expected(0, 1, n);
        }
        double mean = sum / n;
        double variance = squares / n - mean * mean;
        double shape = variance > mean ? Math.min(sum, mean * mean / (variance - mean)) : sum;
        return new Expected(mean, shape, own.n() + weight);
    }

    /// The unlikeliest of the windows that are a burst when one more request comes now.
    Optional<Burst> burst(Instant now, Rate peers) {
        Optional<Burst> worst = Optional.empty();
        for (int i = 0; i < windows.size(); i++) {
            var window = windows.get(i);
            int minutes = MINUTES.get(i);
            long index = index(now, minutes);
            int count = (index <= window.index() ? window.asked() : 0) + 1;
            if (count < BURST_COUNT) {
                continue;
            }
            var expected = expected(i, window, peers);
            if (expected.mean() > 0 && isBurst(count, expected)) {
                double chance = expected.chance(count);
                if (worst.isEmpty() || chance < worst.get().chance()) {
                    worst = Optional.of(new Burst(minutes, count, expected.mean(), chance, (long) expected.behind()));
                }
            }
        }
        return worst;
    }

    /// Requests in the hour so far, with one that comes now.
    long hour(Instant now) {
        var window = windows.getLast();
        return (index(now, MINUTES.getLast()) <= window.index() ? window.asked() : 0) + 1L;
    }

    private static long index(Instant at, int minutes) {
        return Math.floorDiv(at.getEpochSecond(), 60L * minutes);
    }

    List<Object> form() {
        return windows.stream()
                .<Object>map(it -> List.of(it.index(), it.asked(), it.minted(), it.n(), it.sum(), it.squares()))
                .toList();
    }

    static Rate of(Form form) {
        var all = new ArrayList<Window>();
        for (int i = 0; i < MINUTES.size(); i++) {
            var it = form.list();
            all.add(new Window(it.number(), it.small(), it.small(), it.real(), it.real(), it.real()));
        }
        return new Rate(List.copyOf(all));
    }
}
