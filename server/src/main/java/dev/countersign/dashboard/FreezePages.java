package dev.countersign.dashboard;

import dev.countersign.approval.Freezes;
import dev.countersign.approval.Freezes.Kind;
import dev.countersign.approval.InForce;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Notice;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.Frame.Tone;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Entry;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.people.ApiScope;
import dev.countersign.store.Store;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// `/freeze`: the switch that stops a client, a resource or all minting at once.
final class FreezePages {
    private static final String ALL = "*";

    private final Door door;
    private final Store store;
    private final Freezes freezes;
    private final Wording wording;
    private final Renderer renderer;
    private final Supplier<InForce> inForce;

    FreezePages(
            Door door, Store store, Freezes freezes, Wording wording, Renderer renderer, Supplier<InForce> inForce) {
        this.door = door;
        this.store = store;
        this.freezes = freezes;
        this.wording = wording;
        this.renderer = renderer;
        this.inForce = inForce;
    }

    /// What a form asks to stop or to let go on.
    private record Target(Kind kind, String id) {}

    Reply page(Request request) {
        return door.look(
                request,
                ApiScope.REQUESTS_READ,
                visit -> page(
                        visit,
                        200,
                        switch (visit.query("done")) {
                            case "set" -> Optional.of(new Notice(Tone.DONE, "Frozen. It holds from now on."));
                            case "lift" -> Optional.of(new Notice(Tone.DONE, "Lifted. Minting goes on."));
                            default -> Optional.empty();
                        }));
    }

    Reply act(Request request) {
        return door.act(request, ApiScope.OPERATE, "/freeze", visit -> switch (visit.form("do")) {
            case "set" -> set(visit);
            case "lift" -> lift(visit);
            default -> throw HttpFault.of(400, "That is neither setting nor lifting a freeze.");
        });
    }

    private Reply set(Visit visit) {
        var target = target(visit);
        String reason;
        try {
            reason = ClientText.reason(visit.form("reason"));
        } catch (Refusal e) {
            return refused(visit, "The reason is too long or has invisible characters.");
        }
        if (target.isEmpty() || !known(target.get())) {
            return refused(visit, "Say what to freeze: a client, a resource, or all minting.");
        }
        if (reason.isEmpty()) {
            return refused(visit, "Say why: everybody is shown it.");
        }
        var it = target.get();
        if (!visit.form("sure").equals("yes")) {
            return step(
                    visit,
                    it,
                    false,
                    reason,
                    switch (it.kind()) {
                        case CLIENT ->
                            "It gets no token, and nothing approved for it can be collected, until this is lifted.";
                        case RESOURCE ->
                            "Nobody gets a token for it, and nothing approved can be collected, until this is lifted.";
                        case ALL ->
                            "Nobody gets any token, and nothing approved can be collected, until this is lifted.";
                    });
        }
        return freezes.set(it.kind(), it.id(), reason, actor(visit))
                ? Reply.seeOther("/freeze?done=set")
                : refused(visit, "That is frozen already.");
    }

    private Reply lift(Visit visit) {
        var target = target(visit);
        if (target.isEmpty()) {
            return refused(visit, "Say which freeze to lift.");
        }
        var it = target.get();
        if (!visit.form("sure").equals("yes")) {
            return step(visit, it, true, "", "Token requests are taken again at once.");
        }
        return freezes.lift(it.kind(), it.id(), actor(visit))
                ? Reply.seeOther("/freeze?done=lift")
                : refused(visit, "That is not frozen any more.");
    }

    private Reply step(Visit visit, Target target, boolean lift, String reason, String effect) {
        var view = new FreezeView.Step(
                lift,
                target.kind().word(),
                target.id(),
                wording.frozen(target.kind(), target.id()),
                Wording.inert(reason),
                effect);
        return Reply.html(200, renderer.page(door.frame(visit, "Second step", Section.FREEZE), view));
    }

    /// The first form has a list for each kind, the others name the target.
    private static Optional<Target> target(Visit visit) {
        return Stream.of(Kind.values())
                .filter(it -> it.word().equals(visit.form("kind")))
                .findFirst()
                .map(kind -> new Target(
                        kind,
                        switch (kind) {
                            case CLIENT, RESOURCE ->
                                visit.form(visit.form("target").isEmpty() ? kind.word() : "target");
                            case ALL -> ALL;
                        }));
    }

    private boolean known(Target target) {
        return switch (target.kind()) {
            case CLIENT -> inForce.get().clients().containsKey(target.id());
            case RESOURCE -> inForce.get().resources().containsKey(target.id());
            case ALL -> true;
        };
    }

    private Reply refused(Visit visit, String why) {
        return page(visit, 422, Optional.of(new Notice(Tone.REFUSED, why)));
    }

    private Reply page(Visit visit, int status, Optional<Notice> said) {
        var frame = door.frame(visit, "Freeze", Section.FREEZE);
        var view = new FreezeView(
                store.read(freezes::standing).stream().map(this::standing).toList(),
                inForce.get().clients().values().stream()
                        .map(it -> new Option(it.id(), wording.client(it.id())))
                        .sorted(Comparator.comparing(Option::label))
                        .toList(),
                inForce.get().resources().values().stream()
                        .map(it -> new Option(it.id(), wording.resource(it.id())))
                        .sorted(Comparator.comparing(Option::label))
                        .toList());
        return Reply.html(status, renderer.page(said.map(frame::with).orElse(frame), view));
    }

    private FreezeView.Standing standing(Freezes.Freeze it) {
        var words = wording.frozen(it);
        return new FreezeView.Standing(
                it.kind().word(), it.target(), words.what(), words.by(), words.since(), words.reason());
    }

    private static Entry.Actor actor(Visit visit) {
        return new Entry.Actor("person", visit.caller().person().id().value());
    }
}
