package dev.countersign.token;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Places for connections that are held: so many in all, of which one client has a share, so that none takes them from
/// all others, and one request a smaller one. Takers that race may be turned away a little early.
final class Places {
    /// How many one client has.
    static final int OF_A_CLIENT = 500;

    /// How many there are for one request; its client needs one.
    static final int FOR_A_REQUEST = 100;

    private final Semaphore all;
    private final Map<String, Integer> byClient = new ConcurrentHashMap<>();
    private final Map<String, Integer> byRequest = new ConcurrentHashMap<>();

    Places(int most) {
        this.all = new Semaphore(most);
    }

    /// Takes a place, to be given back; false when there is none.
    boolean take(String client, String request) {
        if (!take(byRequest, request, FOR_A_REQUEST)) {
            return false;
        }
        if (take(byClient, client, OF_A_CLIENT)) {
            if (all.tryAcquire()) {
                return true;
            }
            giveBack(byClient, client);
        }
        giveBack(byRequest, request);
        return false;
    }

    void giveBack(String client, String request) {
        all.release();
        giveBack(byClient, client);
        giveBack(byRequest, request);
    }

    private static boolean take(Map<String, Integer> taken, String of, int most) {
        if (taken.merge(of, 1, Integer::sum) <= most) {
            return true;
        }
        giveBack(taken, of);
        return false;
    }

    private static void giveBack(Map<String, Integer> taken, String of) {
        taken.computeIfPresent(of, (_, n) -> n > 1 ? n - 1 : null);
    }
}
