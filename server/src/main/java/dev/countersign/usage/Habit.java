package dev.countersign.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What is normal for one client. Only tokens train it, and in ten minutes one at most, so that nobody teaches it
/// much in a hurry; of requests it counts how many there are.
///
/// @param trained how many tokens it has learned from since it was last silent for 60 days
/// @param days on how many days (UTC)
/// @param first of these, milliseconds since 1970
/// @param last of these
record Habit(
        int trained,
        int days,
        long first,
        long last,
        Hours hours,
        Rate rate,
        Values networks,
        Values agents,
        Values credentials,
        Values methods,
        Sizes lifetimes,
        Sizes breadths,
        Drift drift,
        Recent recent) {
    static final Habit NONE = new Habit(
            0,
            0,
            0,
            0,
            Hours.NONE,
            Rate.NONE,
            Values.NONE,
            Values.NONE,
            Values.NONE,
            Values.NONE,
            Sizes.NONE,
            Sizes.NONE,
            Drift.NONE,
            Recent.NONE);

    private static final int MATURE_USES = 30;
    private static final int MATURE_DAYS = 7;
    private static final Duration MATURE_AGE = Duration.ofDays(14);
    private static final Duration SILENCE = Duration.ofDays(60);
    private static final long ONCE_IN = Duration.ofMinutes(10).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    Habit with(Rate now) {
        return new Habit(
                trained,
                days,
                first,
                last,
                hours,
                now,
                networks,
                agents,
                credentials,
                methods,
                lifetimes,
                breadths,
                drift,
                recent);
    }

    Habit with(Recent now) {
        return new Habit(
                trained,
                days,
                first,
                last,
                hours,
                rate,
                networks,
                agents,
                credentials,
                methods,
                lifetimes,
                breadths,
                drift,
                now);
    }

    /// Whether a token that is minted then teaches anything.
    boolean learns(Instant at) {
        return !drift.isFrozen() && Math.floorDiv(at.toEpochMilli(), ONCE_IN) > Math.floorDiv(last, ONCE_IN);
    }

    Habit trained(Use use) {
        long at = use.at().toEpochMilli();
        boolean again = trained == 0 || at - last > SILENCE.toMillis();
        boolean sameDay = Math.floorDiv(at, DAY) == Math.floorDiv(last, DAY);
        return new Habit(
                again ? 1 : trained + 1,
                again ? 1 : sameDay ? days : days + 1,
                again ? at : first,
                at,
                hours.trained(use.hour()),
                rate,
                known(networks, use.network(), use),
                known(agents, use.agent(), use),
                known(credentials, use.credential(), use),
                known(methods, use.method(), use),
                lifetimes.trained(Sizes.step(use.lifetime())),
                breadths.trained(use.breadth()),
                drift.trained(use.day(), (int) Math.floorMod(use.hour(), 24L), use.resource(), at),
                recent);
    }

    private static Values known(Values values, String value, Use use) {
        return value.isEmpty() ? values : values.trained(value, use.day());
    }

    /// A person looked at it and let it go on: it learns again, and what it was is not held against what it is.
    Habit acknowledged() {
        return new Habit(
                trained,
                days,
                first,
                last,
                hours,
                rate,
                networks,
                agents,
                credentials,
                methods,
                lifetimes,
                breadths,
                Drift.NONE,
                recent);
    }

    /// Known well enough to say what is usual: 30 tokens on 7 days, the first 14 days ago, and no silence of 60
    /// days since.
    boolean isMature(Instant now) {
        return trained >= MATURE_USES
                && days >= MATURE_DAYS
                && now.toEpochMilli() - first >= MATURE_AGE.toMillis()
                && now.toEpochMilli() - last <= SILENCE.toMillis();
    }

    List<Object> form() {
        return List.of(
                trained,
                days,
                first,
                last,
                hours.form(),
                rate.form(),
                networks.form(),
                agents.form(),
                credentials.form(),
                methods.form(),
                lifetimes.form(),
                breadths.form(),
                drift.form(),
                recent.form());
    }

    static Habit of(Form form) {
        return new Habit(
                form.small(),
                form.small(),
                form.number(),
                form.number(),
                Hours.of(form.list()),
                Rate.of(form.list()),
                Values.of(form.list()),
                Values.of(form.list()),
                Values.of(form.list()),
                Values.of(form.list()),
                Sizes.of(form.list()),
                Sizes.of(form.list()),
                Drift.of(form.list()),
                Recent.of(form.list()));
    }
}
