package dev.countersign.dashboard;

import dev.countersign.approval.Briefed;
import dev.countersign.approval.Desk;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;

/// `/requests/{id}/backtest`: what a configuration that somebody asked to put in force would have said of the past, as
/// it was worked out when it was asked for.
final class BacktestPages {
    private final Door door;
    private final Desk desk;
    private final Wording wording;
    private final Renderer renderer;

    BacktestPages(Door door, Desk desk, Wording wording, Renderer renderer) {
        this.door = door;
        this.desk = desk;
        this.wording = wording;
        this.renderer = renderer;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var approval = desk.see(
                            request.pathParam("id"), visit.caller().person().id())
                    .orElseThrow(RequestPages::unknown)
                    .approval();
            var shown = shown(desk.publication(approval)
                    .orElseThrow(() -> HttpFault.of(
                            404, "That request puts no configuration in force, so nothing was tried on the past.")));
            return Reply.html(
                    200,
                    renderer.page(
                            door.frame(visit, "Tried on the past", Section.NONE),
                            BacktestWords.of(approval.id(), wording.sentence(approval.question()), shown)));
        });
    }

    private static String shown(Briefed briefed) {
        return switch (briefed) {
            case Briefed.Kept(var shown) -> shown;
            case Briefed.Changed(var said) -> throw HttpFault.of(409, "Not shown: " + said + ".");
        };
    }
}
