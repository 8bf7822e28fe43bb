package dev.countersign.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// In what one verdict is looser than another on the same request, and in what it is tighter.
///
/// Of two approvals the token's life is compared, which is what was asked for and at most the cap: a larger cap loosens
/// nothing for a request that asks for less.
///
/// @param looser in words, `security 2 instead of 3 votes`
/// @param tighter the same the other way round
public record Loosening(List<String> looser, List<String> tighter) {
    /// How long a token lives when the request does not say.
    private static final long USUAL_SECONDS = 60;

    /// Compares two verdicts on the same facts.
    public static Loosening between(Verdict was, Verdict now, Facts facts) {
        var looser = new ArrayList<String>();
        var tighter = new ArrayList<String>();
        int strictness = Integer.compare(strictness(now), strictness(was));
        if (strictness != 0) {
            (strictness < 0 ? looser : tighter).add(now.word() + " instead of " + was.word());
            return new Loosening(List.copyOf(looser), List.copyOf(tighter));
        }
        long asked = facts.value("lifetime").map(it -> (Long) it).orElse(USUAL_SECONDS);
        compare("lifetime", life(was, asked), life(now, asked), looser, tighter);
        if (was instanceof Verdict.Approve before && now instanceof Verdict.Approve after) {
            glass(before.breakGlass(), after.breakGlass(), looser, tighter);
        }
        if (was instanceof Verdict.Review before && now instanceof Verdict.Review after) {
            compare("within", before.within().toSeconds(), after.within().toSeconds(), looser, tighter);
            compare("collect", before.collect().toSeconds(), after.collect().toSeconds(), looser, tighter);
            stages(before.stages(), after.stages(), looser, tighter);
            compare("ahead", ahead(before), ahead(after), looser, tighter);
            if (before.uses() != after.uses()) {
                (after.uses() > before.uses() ? looser : tighter)
                        .add("uses " + after.uses() + " instead of " + before.uses());
            }
            signed(before.signed(), after.signed(), looser, tighter);
            if (before.substitutes() != after.substitutes()) {
                (after.substitutes() ? looser : tighter)
                        .add(after.substitutes() ? "substitutes may vote" : "no substitutes");
            }
            rest(before.rest(), after.rest(), looser, tighter);
            before.require().stream()
                    .filter(it -> !after.require().contains(it))
                    .forEach(it -> looser.add("no " + it + " required"));
            after.require().stream()
                    .filter(it -> !before.require().contains(it))
                    .forEach(it -> tighter.add(it + " required"));
        }
        return new Loosening(List.copyOf(looser), List.copyOf(tighter));
    }

    /// Whether anything is looser.
    public boolean loosens() {
        return !looser.isEmpty();
    }

    /// Whether something is tighter and nothing looser.
    public boolean tightens() {
        return looser.isEmpty() && !tighter.isEmpty();
    }

    private static void compare(String what, long was, long now, List<String> looser, List<String> tighter) {
        if (now != was) {
            (now > was ? looser : tighter).add(what + " " + now + "s instead of " + was + "s");
        }
    }

    private static long ahead(Verdict.Review verdict) {
        return verdict.ahead().map(Duration::toSeconds).orElse(0L);
    }

    private static void stages(List<Stage> was, List<Stage> now, List<String> looser, List<String> tighter) {
        var left = new TreeMap<String, Stage>();
        now.forEach(it -> left.put(it.group(), it));
        for (var before : was) {
            var after = left.remove(before.group());
            if (after == null) {
                looser.add("without " + before.group());
                continue;
            }
            if (after.votes() != before.votes()) {
                (after.votes() < before.votes() ? looser : tighter)
                        .add(before.group() + " " + after.votes() + " instead of " + before.votes() + " votes");
            }
            escalation(before, after, looser, tighter);
        }
        left.keySet().forEach(it -> tighter.add("with " + it));
    }

    private static void rest(Optional<Rest> was, Optional<Rest> now, List<String> looser, List<String> tighter) {
        if (!was.equals(now)) {
            boolean tightens =
                    now.isPresent() && was.map(it -> now.get().isWithin(it)).orElse(true);
            (tightens ? tighter : looser)
                    .add(now.map(it -> "rest after " + it.approvals() + " approvals in "
                                    + it.per().toSeconds() + "s")
                            .orElse("nobody rests"));
        }
    }

    /// Whom a stage escalates to may decide, and might not before.
    private static void escalation(Stage was, Stage now, List<String> looser, List<String> tighter) {
        if (was.escalates().equals(now.escalates())) {
            return;
        }
        boolean tightens = now.escalates().isEmpty()
                || was.escalates()
                        .filter(it -> now.escalates().get().isWithin(it))
                        .isPresent();
        (tightens ? tighter : looser)
                .add(now.escalates()
                        .map(it -> now.group() + " escalates to " + it.to() + " after "
                                + it.after().toSeconds() + "s")
                        .orElse(now.group() + " does not escalate"));
    }

    private static void glass(
            Optional<BreakGlass> was, Optional<BreakGlass> now, List<String> looser, List<String> tighter) {
        if (was.isPresent() && now.isPresent()) {
            compare(
                    "looked at within",
                    was.get().within().toSeconds(),
                    now.get().within().toSeconds(),
                    looser,
                    tighter);
            stages(was.get().stages(), now.get().stages(), looser, tighter);
            limits(was.get().limits(), now.get().limits(), looser, tighter);
            signed(was.get().signed(), now.get().signed(), looser, tighter);
        } else if (was.isPresent()) {
            looser.add("without breaking the glass");
        } else if (now.isPresent()) {
            tighter.add("only by breaking the glass");
        }
    }

    private static void signed(boolean was, boolean now, List<String> looser, List<String> tighter) {
        if (was != now) {
            (was ? looser : tighter).add(now ? "signed" : "not signed");
        }
    }

    private static void limits(
            List<BreakGlass.Limit> was, List<BreakGlass.Limit> now, List<String> looser, List<String> tighter) {
        for (var limit : now) {
            var before =
                    was.stream().filter(it -> it.rule().equals(limit.rule())).findAny();
            if (before.isEmpty()) {
                tighter.add("counted by " + limit.rule());
            } else {
                if (limit.times() != before.get().times()) {
                    (limit.times() > before.get().times() ? looser : tighter)
                            .add("times " + limit.times() + " instead of "
                                    + before.get().times());
                }
                // The longer the stretch, the fewer there are in the end.
                long seconds = limit.per().toSeconds();
                if (seconds != before.get().per().toSeconds()) {
                    (seconds < before.get().per().toSeconds() ? looser : tighter)
                            .add("per " + seconds + "s instead of "
                                    + before.get().per().toSeconds() + "s");
                }
            }
        }
        was.stream()
                .filter(it -> now.stream().noneMatch(limit -> limit.rule().equals(it.rule())))
                .forEach(it -> looser.add("not counted by " + it.rule()));
    }

    private static long life(Verdict verdict, long asked) {
        return switch (verdict) {
            case Verdict.Approve it ->
                Math.min(asked, it.lifetime().orElse(Effect.LIFETIME).toSeconds());
            case Verdict.Review it ->
                Math.min(asked, it.lifetime().orElse(Effect.LIFETIME).toSeconds());
            case Verdict.Deny _ -> 0;
        };
    }

    private static int strictness(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Approve _ -> 0;
            case Verdict.Review _ -> 1;
            case Verdict.Deny _ -> 2;
        };
    }
}
