package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Desk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What waits, the most urgent first, page by page: by the API and on the command line.
final class UrgentTest extends OverTheWire {
    private final List<String> ids = new ArrayList<>();
    private String bo = "";

    @BeforeEach
    void five_wait() {
        bo = gate.bearer("bo", "requests:read", "requests:review");
        for (int i = 0; i < 5; i++) {
            gate.clock.advance(Duration.ofSeconds(1));
            var held = gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", Integer.toString(60 + i));
            ids.add(held.reference());
        }
    }

    private List<String> pages(String query, int pages) {
        var all = new ArrayList<String>();
        var after = "";
        for (int page = 0; page < pages; page++) {
            var answer = gate.get(bo, "/requests?limit=2" + query + after);
            assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
            answer.body().path("items").forEach(it -> all.add(it.path("id").stringValue("")));
            var next = answer.body().path("next");
            assertThat(next.isString()).isEqualTo(page < pages - 1);
            after = "&after=" + next.stringValue("");
        }
        return all;
    }

    @Test
    void all_are_there_once_and_what_has_the_least_time_is_first() {
        assertThat(pages("&order=urgent", 3)).containsExactlyElementsOf(ids);
        assertThat(pages("&order=urgent&state=pending&mine=true&client=refund-bot&risk=high", 3))
                .containsExactlyElementsOf(ids);
        assertThat(gate.get(bo, "/requests?order=urgent&client=other-bot")
                        .body()
                        .path("items"))
                .isEmpty();
        assertThat(pages("&state=pending", 3)).containsExactlyElementsOf(ids.reversed());
    }

    @Test
    void what_has_no_urgency_and_no_place_is_refused() {
        assertThat(gate.get(bo, "/requests?order=urgent&state=denied").status()).isEqualTo(400);
        assertThat(gate.get(bo, "/requests?order=urgent&after=" + ids.getFirst())
                        .status())
                .isEqualTo(400);
        assertThat(gate.get(bo, "/requests?order=oldest").status()).isEqualTo(400);
    }

    @Test
    void the_command_line_lists_them_so_and_says_when_there_are_more() {
        var listed = new TestOffers(gate, bo).run("requests", "list", "--limit", "2");
        assertThat(listed.out().indexOf(ids.get(0))).isLessThan(listed.out().indexOf(ids.get(1)));
        assertThat(listed.out()).contains(ids.get(0), ids.get(1)).doesNotContain(ids.get(2));
        assertThat(listed.err()).contains("there are more");
        assertThat(new TestOffers(gate, bo).run("requests", "list").err()).isEmpty();
    }

    @Test
    void one_view_looks_through_so_much_of_what_waits_for_others_and_goes_on_behind_it() {
        waitForOthersBehind(ids.getFirst(), 2_200);
        var parts = gate.parts();
        var desk = new Desk(parts.installation.store, parts.approvals, parts.panel);
        var ana = gate.person("ana");

        var first = desk.queue(ana, true, _ -> true, 2);
        assertThat(first.mine()).extracting(it -> it.approval().id()).containsExactly(ids.getFirst());
        assertThat(first.others()).hasSize(2);
        assertThat(first.pending()).isEqualTo(2_205);
        assertThat(desk.waiting(ana, 100)).isEqualTo(1);

        var next = desk.more(ana, true, true, first.moreMine().orElseThrow(), _ -> true, 3);
        assertThat(next.mine()).extracting(it -> it.approval().id()).containsExactlyElementsOf(ids.subList(1, 4));
        var last = desk.more(ana, true, true, next.moreMine().orElseThrow(), _ -> true, 3);
        assertThat(last.mine()).extracting(it -> it.approval().id()).containsExactly(ids.getLast());
        assertThat(last.moreMine()).isEmpty();
        assertThat(pages("&order=urgent&mine=true", 3))
                .as("who asks by the API gets all of it")
                .containsExactlyElementsOf(ids);
    }

    /// As many copies of a request, which stand behind it and ask another group.
    private void waitForOthersBehind(String id, int many) {
        assertThat(gate.broken()).isEmpty(); // nobody looks again: the copies have no entries
        gate.parts().installation.store.write(tx -> {
            var names = new ArrayList<String>();
            try (var none = tx.prepare("SELECT * FROM approval WHERE 1 = 0").executeQuery()) {
                for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
                    names.add(none.getMetaData().getColumnName(i));
                }
            }
            var values = names.stream()
                    .map(it -> switch (it) {
                        case "id", "join_key" -> it + " || '-' || n";
                        case "body" ->
                            "REPLACE(REPLACE(body, id, id || '-' || n), '\"payments-oncall\"', '\"others\"')";
                        default -> it;
                    })
                    .toList();
            var copy = tx.prepare("INSERT INTO approval (" + String.join(", ", names) + ") WITH RECURSIVE copies (n) AS"
                    + " (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < " + many + ") SELECT "
                    + String.join(", ", values) + " FROM approval, copies WHERE id = ?");
            copy.setString(1, id);
            return copy.executeUpdate();
        });
    }
}
