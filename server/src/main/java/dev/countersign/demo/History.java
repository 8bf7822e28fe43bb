package dev.countersign.demo;

import java.time.Instant;
import java.util.Random;

/// Half a year of the company's life, lived through a real server whose clock moves: every entry comes of a request
/// that was posted and of votes that were cast. So usage profiles and the ledger tell the same story.
///
/// Two demos that begin on the same day tell it alike: what is up to chance in it is thrown with the same die.
final class History {
    private static final long DIE = 20;

    private History() {}

    /// Lives it, up to shortly before `now`.
    ///
    /// @param catchUp has the server do at once what is due by the clock
    static void live(Shop shop, MovingClock clock, Runnable catchUp, Versions versions, Instant now) {
        var random = new Random(DIE);
        var diary = new Diary(now, random);
        var acts = new Acts(shop, clock, catchUp, random);
        var everyday = new Everyday(diary, acts, shop, random);
        everyday.plan();
        new Episodes(diary, acts, shop, everyday, versions).plan();
        diary.live(clock);
    }
}
