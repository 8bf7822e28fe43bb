package dev.countersign.dashboard;

import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.LedgerView.Line;
import dev.countersign.dashboard.LedgerView.Search;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Checkpoint;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.NoteKey;
import dev.countersign.ledger.SpotCheck;
import dev.countersign.oauth.ClientText;
import dev.countersign.people.ApiScope;
import dev.countersign.people.People;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// `/ledger` and `/ledger/{n}`: entries in sentences with their proofs, and what is signed. For auditors and
/// administrators.
final class LedgerPages {
    private static final int PAGE = 25;

    /// How many entries are looked through for one page, and how many are read at once.
    private static final int LOOKED = 5_000;

    private static final int BATCH = 500;
    private static final int VALUE = 2_000;
    private static final int PEOPLE = 300;

    private final Door door;
    private final Ledger ledger;
    private final People people;
    private final EntryWords words;
    private final LedgerCheck check;
    private final Renderer renderer;

    LedgerPages(Door door, Ledger ledger, People people, Wording wording, Renderer renderer) {
        this.door = door;
        this.ledger = ledger;
        this.people = people;
        this.words = new EntryWords(wording);
        this.check = new LedgerCheck(ledger);
        this.renderer = renderer;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.LEDGER_READ, visit -> {
            var frame = door.frame(visit, "Ledger", Section.LEDGER);
            return Reply.html(200, renderer.page(frame, list(visit)));
        });
    }

    Reply one(Request request) {
        return door.look(request, ApiScope.LEDGER_READ, visit -> {
            var entry = Optional.of(request.pathParam("n"))
                    .filter(it -> it.matches("[0-9]{1,15}"))
                    .flatMap(it -> ledger.entry(Long.parseLong(it)))
                    .orElseThrow(() -> HttpFault.of(404, "The ledger has no such entry."));
            var frame = door.frame(visit, "Entry " + entry.index(), Section.LEDGER);
            return Reply.html(200, renderer.page(frame, one(entry)));
        });
    }

    /// Begins a spot check, which goes on behind the page.
    Reply verify(Request request) {
        return door.act(request, ApiScope.LEDGER_READ, "/ledger", visit -> {
            check.start();
            return Reply.seeOther("/ledger#check");
        });
    }

    /// How far that is, for the open page.
    Reply check(Request request) {
        return door.look(
                request,
                ApiScope.LEDGER_READ,
                visit -> Reply.html(200, renderer.check(check(), visit.session().csrf())));
    }

    private LedgerView list(Visit visit) {
        var search = search(visit);
        var page = new ArrayList<EntryView>();
        var fault = "";
        long next = 0;
        try {
            next = search.reference().isEmpty() ? find(search, before(visit, search), page) : 0;
            if (!search.reference().isEmpty()) {
                ledger.lookUp(search.reference()).stream()
                        .filter(it -> takes(search, it))
                        .forEach(page::add);
            }
        } catch (IllegalArgumentException unreadable) {
            fault = "An entry here cannot be read: it is not as it was written. Verify the ledger.";
        }
        return new LedgerView(
                page.stream().map(this::row).toList(),
                search,
                Arrays.stream(Code.values())
                        .map(it -> new Option(it.wire(), it.wire()))
                        .toList(),
                Option.with(
                        people.present().stream()
                                .limit(PEOPLE)
                                .map(it -> new Option(it.id().value(), it.name()))
                                .toList(),
                        search.person()),
                head(),
                next == 0 ? "" : "/ledger?" + (search.all() ? "" : search.parameters() + "&") + "before=" + next,
                next != 0 && page.size() < PAGE,
                fault);
    }

    /// Looks through so many entries at once, whatever is among them.
    ///
    /// @return the index before which there may be more; 0 when there is no more
    private long find(Search search, long before, List<EntryView> page) {
        long first = Day.of(search.from()).map(ledger::firstAt).orElse(0L);
        long at = before;
        for (int looked = 0; looked < LOOKED && at > first; looked += BATCH) {
            var batch = ledger.entriesBefore(at, BATCH);
            for (var entry : batch) {
                if (entry.index() < first) {
                    return 0;
                }
                if (takes(search, entry)) {
                    page.add(entry);
                }
                at = entry.index();
                if (page.size() == PAGE) {
                    return at;
                }
            }
            if (batch.size() < BATCH) {
                return 0;
            }
        }
        return at > first ? at : 0;
    }

    private long before(Visit visit, Search search) {
        var asked = visit.query("before");
        long end = Day.of(search.to())
                .map(it -> ledger.firstAt(it.plus(1, ChronoUnit.DAYS)))
                .orElse(Long.MAX_VALUE);
        return asked.matches("[0-9]{1,15}") ? Math.min(end, Long.parseLong(asked)) : end;
    }

    private static boolean takes(Search search, EntryView entry) {
        return (search.code().isEmpty() || search.code().equals(entry.code().wire()))
                && (search.person().isEmpty()
                        || (entry.actor().kind().equals("person")
                                && entry.actor().id().equals(search.person())));
    }

    private static Search search(Visit visit) {
        var reference = visit.query("ref").strip();
        return new Search(
                reference.substring(0, Math.min(100, reference.length())),
                Code.of(visit.query("code")).map(Code::wire).orElse(""),
                visit.query("person").matches("[0-9A-Za-z-]{1,64}") ? visit.query("person") : "",
                Day.text(visit.query("from")),
                Day.text(visit.query("to")));
    }

    private LedgerView.Row row(EntryView entry) {
        return new LedgerView.Row(
                entry.index(),
                entry.code().wire(),
                words.sentence(entry),
                entry.request().orElse(""),
                new Moment(entry.at()));
    }

    private LedgerView.Head head() {
        var latest = ledger.latestCheckpoint();
        return new LedgerView.Head(
                latest.map(Checkpoint::origin).orElse(""),
                latest.map(Checkpoint::size).orElse(0L),
                latest.map(it -> base64(it.root())).orElse(""),
                ledger.keys().stream().map(NoteKey::toString).toList(),
                check());
    }

    private LedgerView.Check check() {
        boolean running = check.isRunning();
        var last = check.last();
        if (last.failed()) {
            return new LedgerView.Check(
                    running,
                    false,
                    List.of("It could not be checked: the store did not answer. The log has the rest."),
                    Optional.empty());
        }
        return new LedgerView.Check(
                running,
                last.result().filter(SpotCheck.Result::good).isPresent(),
                last.result().map(LedgerPages::said).orElse(List.of()),
                last.result().map(it -> new Moment(it.at())));
    }

    private static List<String> said(SpotCheck.Result result) {
        if (result.checkpoint().isEmpty()) {
            return List.of("Nothing is signed yet: there is nothing to check.");
        }
        var of = "%,d".formatted(result.checkpoint().get().size());
        return List.of(
                "The checkpoint over " + of + (result.signed() ? " entries is signed" : " entries is NOT signed")
                        + " by the ledger's key.",
                result.bad()
                        .map(it -> "Entry " + it + " is NOT under it: it, or one beside it, is missing or was changed.")
                        .orElseGet(
                                () -> "%,d of its entries, the newest and others spread over all, are what was signed."
                                        .formatted(result.checked())),
                "It took %,d ms.".formatted(result.took().toMillis()));
    }

    private LedgerView.One one(EntryView entry) {
        var receipt = ledger.receipt(entry.index());
        var body = new ArrayList<Line>();
        entry.body().forEach((name, value) -> body.add(new Line(name, text(value))));
        return new LedgerView.One(
                row(entry),
                words.actor(entry),
                Wording.inert(entry.node()),
                entry.hash().text(),
                entry.previous().map(LeafHash::text).orElse(""),
                List.copyOf(body),
                ledger.disclosures(entry.index()).stream()
                        .map(it -> new Line(
                                it.name(),
                                it.value()
                                        .map(value -> ClientText.inert(value, VALUE))
                                        .orElse("erased")))
                        .toList(),
                receipt.filter(it -> it.verifies(ledger.keys())).isPresent(),
                receipt.map(it -> it.path().stream().map(LedgerPages::base64).toList())
                        .orElse(List.of()),
                receipt.map(it -> it.checkpoint().note()).orElse(""));
    }

    private static String text(Object value) {
        return ClientText.inert(value instanceof String text ? text : Json.write(value), VALUE);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
