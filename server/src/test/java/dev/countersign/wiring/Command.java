package dev.countersign.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What somebody does to a server, in sequences that are made by chance. Requests, codes and tokens are counted from
/// the latest, and round and round, so that a command means something wherever it stands.
sealed interface Command {
    /// Asks for what people decide.
    ///
    /// @param both also what takes a second group
    /// @param lifetime in seconds; 0 when the client does not say
    /// @param bound with the client's key
    record Ask(String client, boolean both, int lifetime, boolean bound, boolean deferred) implements Command {}

    /// Asks once more what was asked with a request: a retry, or its answer was lost.
    record Again(int request) implements Command {}

    /// What policy approves by itself.
    record Read(String client) implements Command {}

    record Vote(int request, String person, Word word) implements Command {}

    /// A vote for half a minute narrows, one for an hour would widen.
    enum Word {
        APPROVE,
        DENY,
        NARROW,
        WIDEN
    }

    /// Polls with a code.
    ///
    /// @param foreign by the other client
    /// @param key whether a proof of a key comes with it
    record Poll(int code, boolean foreign, Key key) implements Command {}

    record Cancel(int code, boolean foreign, Key key) implements Command {}

    /// The right key is the one that the request was bound to, or none.
    enum Key {
        RIGHT,
        NONE,
        OTHER
    }

    /// A reviewer takes a request back.
    record TakeBack(int request) implements Command {}

    /// A client ends its token.
    record EndToken(int token) implements Command {}

    record Wait(int seconds) implements Command {}

    record Freeze(boolean all) implements Command {}

    record Lift(boolean all) implements Command {}

    /// Puts other groups in force.
    record Regroup(int groups) implements Command {}

    /// Who is in payments-oncall and in security, by the number of [Regroup].
    List<List<List<String>>> GROUPS = List.of(
            List.of(List.of("ana", "bo", "dev"), List.of("cy", "ana")),
            List.of(List.of("bo", "dev", "cy"), List.of("cy", "ana")),
            List.of(List.of("ana", "dev"), List.of("cy")),
            List.of(List.of("dev"), List.of("cy", "ana")));

    static List<Command> sequence(Random random, int length) {
        var commands = new ArrayList<Command>();
        while (commands.size() < length) {
            commands.add(any(random));
        }
        return commands;
    }

    private static Command any(Random random) {
        int n = random.nextInt(100);
        if (n < 10) {
            return new Again(near(random));
        }
        if (n < 25) {
            return new Ask(
                    client(random),
                    random.nextInt(3) == 0,
                    random.nextBoolean() ? 90 : 0,
                    random.nextInt(4) == 0,
                    random.nextBoolean());
        }
        if (n < 52) {
            return new Vote(near(random), one(random, "ana", "bo", "cy", "dev"), word(random));
        }
        if (n < 68) {
            return new Poll(near(random), random.nextInt(8) == 0, key(random));
        }
        if (n < 72) {
            return new Cancel(near(random), random.nextInt(5) == 0, key(random));
        }
        if (n < 75) {
            return new TakeBack(near(random));
        }
        if (n < 77) {
            return new EndToken(near(random));
        }
        if (n < 80) {
            return new Read(client(random));
        }
        if (n < 93) {
            return new Wait(new int[] {1, 3, 5, 31, 59, 61, 301, 599, 601, 899, 901}[random.nextInt(11)]);
        }
        if (n < 95) {
            return new Freeze(random.nextInt(3) == 0);
        }
        return n < 97 ? new Lift(random.nextInt(3) == 0) : new Regroup(random.nextInt(GROUPS.size()));
    }

    private static String client(Random random) {
        return one(random, "refund-bot", "refund-bot", "refund-bot", "other-bot");
    }

    private static int near(Random random) {
        return random.nextInt(3) == 0 ? random.nextInt(4) : 0;
    }

    private static Word word(Random random) {
        int n = random.nextInt(10);
        return n < 6 ? Word.APPROVE : n < 8 ? Word.NARROW : n < 9 ? Word.DENY : Word.WIDEN;
    }

    private static Key key(Random random) {
        int n = random.nextInt(10);
        return n < 8 ? Key.RIGHT : n < 9 ? Key.NONE : Key.OTHER;
    }

    private static String one(Random random, String... words) {
        return words[random.nextInt(words.length)];
    }
}
