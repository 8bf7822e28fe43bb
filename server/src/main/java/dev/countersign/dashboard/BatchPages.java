package dev.countersign.dashboard;

import dev.countersign.approval.Vote;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.Field;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.people.ApiScope;
import java.util.List;

/// `/decisions`: what was selected in the queue, decided together.
final class BatchPages {
    private static final int MOST = 50;

    private final Door door;
    private final Batch batch;
    private final Renderer renderer;

    BatchPages(Door door, Batch batch, Renderer renderer) {
        this.door = door;
        this.batch = batch;
        this.renderer = renderer;
    }

    Reply decide(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/", visit -> {
            var picks = visit.request().form().stream()
                    .filter(it -> it.name().equals("pick"))
                    .map(Field::value)
                    .map(Batch.Pick::parse)
                    .distinct()
                    .toList();
            var word = switch (visit.form("vote")) {
                case "approve" -> Vote.Word.APPROVE;
                case "deny" -> Vote.Word.DENY;
                default -> throw HttpFault.of(400, "That is not a vote.");
            };
            if (picks.isEmpty()) {
                return nothing(visit, "Select at least one request.");
            }
            if (picks.size() > MOST) {
                return nothing(visit, "Select at most " + MOST + " requests at once.");
            }
            try {
                var reason = ClientText.reason(visit.form("comment"));
                return reason.isEmpty()
                        ? nothing(visit, "Give the reason for deciding these together.")
                        : told(visit, batch.decide(visit.caller(), picks, word, reason), word);
            } catch (Refusal e) {
                return nothing(visit, VoteWords.WRONG_COMMENT);
            }
        });
    }

    private Reply nothing(Visit visit, String why) {
        return page(visit, 422, new BatchView("Nothing was done", why, List.of(), back(visit)));
    }

    private Reply told(Visit visit, Batch.Outcome outcome, Vote.Word word) {
        if (!outcome.cast()) {
            return page(
                    visit,
                    409,
                    new BatchView(
                            "Nothing was done",
                            "Not all of these can be decided together now.",
                            outcome.lines(),
                            back(visit)));
        }
        long done = outcome.done();
        int all = outcome.lines().size();
        return page(
                visit,
                200,
                new BatchView(
                        (word == Vote.Word.APPROVE ? "You approved " : "You denied ") + done + " of " + all,
                        done == all ? "" : "Not all of your votes were cast.",
                        outcome.lines(),
                        back(visit)));
    }

    private static String back(Visit visit) {
        return QueueFilter.parse(visit.form("queue")).on("/");
    }

    private Reply page(Visit visit, int status, BatchView view) {
        return Reply.html(status, renderer.page(door.frame(visit, "Decided together", Section.NONE), view));
    }
}
