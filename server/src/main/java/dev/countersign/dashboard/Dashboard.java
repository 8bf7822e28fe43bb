package dev.countersign.dashboard;

import dev.countersign.access.Reports;
import dev.countersign.approval.Afterwards;
import dev.countersign.approval.Alternatives;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Enrolling;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Publications;
import dev.countersign.approval.Signatures;
import dev.countersign.approval.Suggestions;
import dev.countersign.approval.Unread;
import dev.countersign.config.Configurations;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.Handler;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.Absences;
import dev.countersign.people.ApiTokens;
import dev.countersign.people.Callers;
import dev.countersign.people.DeviceGrants;
import dev.countersign.people.Freshness;
import dev.countersign.people.Memberships;
import dev.countersign.people.People;
import dev.countersign.people.Sessions;
import dev.countersign.people.SignIns;
import dev.countersign.people.SignOuts;
import dev.countersign.replay.Past;
import dev.countersign.replay.Shadow;
import dev.countersign.signin.Logins;
import dev.countersign.signin.Logouts;
import dev.countersign.store.Overloaded;
import dev.countersign.store.Store;
import dev.countersign.store.StoreFailed;
import dev.countersign.usage.Profiles;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pages: their routes, and the one place where what goes wrong becomes a page.
public final class Dashboard {
    /// The cookie that a signed-in browser has.
    public static final String SESSION_COOKIE = "countersign";

    private static final Logger log = LoggerFactory.getLogger(Dashboard.class);

    private final Renderer renderer = new Renderer();
    private final Door door;
    private final SignInPages signIn;
    private final ProviderPages providers;
    private final AccountPages account;
    private final AwayPages away;
    private final ConfirmSelfPages confirmSelf;
    private final DevicePages device;
    private final GlassPages glass;
    private final QueuePages queue;
    private final BatchPages batch;
    private final RequestPages requests;
    private final BacktestPages backtests;
    private final TalkPages talk;
    private final OverviewPages overview;
    private final HistoryPages history;
    private final RefusalPages refusals;
    private final ClientPages clients;
    private final PolicyPages policy;
    private final DecisionPages decisions;
    private final ResourcePages resources;
    private final CrowdPages crowds;
    private final LedgerPages ledgerPages;
    private final FreezePages freeze;
    private final PasskeyPages passkeys;

    /// @param past opens what the store holds of decisions
    public Dashboard(
            Callers callers,
            Sessions sessions,
            SignIns signIns,
            Logins logins,
            Logouts logouts,
            SignOuts signOuts,
            ApiTokens apiTokens,
            DeviceGrants deviceGrants,
            Freshness freshness,
            People people,
            Memberships memberships,
            Absences absences,
            Store store,
            Ledger ledger,
            Profiles profiles,
            Approvals approvals,
            Desk desk,
            Panel panel,
            Discussion discussion,
            Alternatives alternatives,
            Signatures signatures,
            Enrolling enrolling,
            Afterwards afterwards,
            Freezes freezes,
            Reports reports,
            Configurations configurations,
            Publications publications,
            Shadow shadow,
            Supplier<Past> past,
            Supplier<InForce> inForce,
            InstantSource clock) {
        var wording = new Wording(inForce, people);
        var crowd = new Crowd(memberships, wording, clock);
        var words = new RequestWords(
                wording, store, approvals, profiles, ledger, new AskingWords(desk, alternatives, wording));
        this.door = new Door(callers, store, desk, freezes, wording);
        this.signIn = new SignInPages(door, store, sessions, signIns, logins, renderer);
        this.providers = new ProviderPages(logins, logouts, renderer);
        this.account = new AccountPages(door, store, signOuts, apiTokens, people, logins, renderer, clock);
        this.away = new AwayPages(door, absences, freshness, people, wording, renderer, clock);
        this.device = new DevicePages(door, deviceGrants, renderer);
        this.confirmSelf = new ConfirmSelfPages(door, signIns, logins, people, renderer);
        this.glass = new GlassPages(door, afterwards, signatures, wording, renderer, clock);
        this.queue = new QueuePages(door, desk, glass, wording, renderer, clock);
        this.talk = new TalkPages(door, desk, panel, discussion, wording);
        var voteWords = new VoteWords(signatures);
        this.batch = new BatchPages(door, new Batch(desk, panel, freshness, wording, voteWords), renderer);
        this.requests =
                new RequestPages(door, desk, panel, signatures, freshness, wording, words, voteWords, renderer, clock);
        this.backtests = new BacktestPages(door, desk, wording, renderer);
        this.overview = new OverviewPages(door, store, profiles, renderer, inForce, clock);
        this.history = new HistoryPages(door, desk, wording, crowd, renderer);
        this.refusals = new RefusalPages(door, ledger, wording, renderer, inForce, clock);
        this.clients = new ClientPages(door, store, freezes, profiles, reports, wording, renderer, inForce, clock);
        this.policy = new PolicyPages(
                door,
                store,
                configurations,
                publications,
                profiles,
                new Suggestions(store, approvals, profiles),
                shadow,
                wording,
                renderer,
                inForce,
                clock);
        this.decisions = new DecisionPages(door, past, wording, renderer);
        this.resources = new ResourcePages(door, store, approvals, freezes, wording, renderer, inForce, clock);
        this.crowds =
                new CrowdPages(door, store, people, memberships, sessions, absences, wording, renderer, inForce, clock);
        this.ledgerPages = new LedgerPages(door, ledger, people, wording, renderer);
        this.freeze = new FreezePages(door, store, freezes, wording, renderer, inForce);
        this.passkeys = new PasskeyPages(door, enrolling, ledger, renderer);
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.get("/", answered(queue::page));
        routes.get("/queue", answered(queue::list));
        routes.post("/decisions", answered(batch::decide));
        routes.get("/frozen", answered(queue::frozen));
        routes.get("/requests/{id}", answered(requests::page));
        routes.get("/requests/{id}/status", answered(requests::status));
        routes.get("/requests/{id}/backtest", answered(backtests::page));
        routes.post("/requests/{id}/votes", answered(requests::vote));
        routes.post("/requests/{id}/comments", answered(talk::say));
        routes.post("/requests/{id}/nudge", answered(talk::nudge));
        routes.post("/requests/{id}/cancel", answered(talk::cancel));
        routes.post("/requests/{id}/reassign", answered(talk::handOn));
        routes.post("/requests/{id}/claim", answered(talk::claim));
        routes.post("/requests/{id}/release", answered(talk::release));
        routes.post("/requests/{id}/signing", answered(requests::offer));
        routes.get("/afterwards/{id}", answered(glass::page));
        routes.post("/afterwards/{id}", answered(glass::say));
        routes.post("/afterwards/{id}/signing", answered(glass::offer));
        routes.post("/afterwards/{id}/lift", answered(glass::lift));
        routes.get("/overview", answered(overview::page));
        routes.get("/history", answered(history::page));
        routes.get("/history.csv", answered(history::csv));
        routes.get("/history.json", answered(history::json));
        routes.get("/history/refused", answered(refusals::refused));
        routes.get("/history/refused/{id}", answered(it -> refusals.one(it, RefusalsView.Kind.REFUSED)));
        routes.get("/history/observed", answered(refusals::observed));
        routes.get("/history/observed/{id}", answered(it -> refusals.one(it, RefusalsView.Kind.OBSERVED)));
        routes.get("/clients", answered(clients::list));
        routes.get("/clients/{id}", answered(clients::one));
        routes.get("/policies", answered(policy::page));
        routes.get("/policy", answered(policy::page));
        routes.get("/policy/decision", answered(decisions::page));
        routes.get("/resources", answered(resources::list));
        routes.get("/resources/one", answered(resources::one));
        routes.get("/groups", answered(crowds::groups));
        routes.get("/groups/one", answered(crowds::group));
        routes.get("/people", answered(crowds::people));
        routes.get("/people/{id}", answered(crowds::person));
        routes.get("/ledger", answered(ledgerPages::page));
        routes.get("/ledger/check", answered(ledgerPages::check));
        routes.post("/ledger/verify", answered(ledgerPages::verify));
        routes.get("/ledger/{n}", answered(ledgerPages::one));
        routes.get("/freeze", answered(freeze::page));
        routes.post("/freeze", answered(freeze::act));
        routes.get("/account/passkeys", answered(passkeys::page));
        routes.post("/account/passkeys/options", answered(passkeys::offer));
        routes.post("/account/passkeys", answered(passkeys::enrol));
        routes.post("/account/passkeys/removals", answered(passkeys::remove));
        routes.get("/login", answered(signIn::page));
        routes.post("/login", answered(signIn::signIn));
        routes.get("/login/{id}", answered(providers::begin));
        routes.get("/login/{id}/callback", answered(providers::finish));
        routes.post("/login/{id}/logout", answered(providers::logout));
        routes.get("/account/away", answered(away::page));
        routes.post("/account/away", answered(away::act));
        routes.get("/account", answered(account::page));
        routes.post("/account", answered(account::act));
        routes.get("/device", answered(device::page));
        routes.post("/device", answered(device::confirm));
        routes.get("/confirm", answered(confirmSelf::page));
        routes.post("/confirm", answered(confirmSelf::confirm));
        routes.post("/logout", answered(signIn::signOut));
        Looks.routes(routes);
    }

    private Handler answered(Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (HttpFault fault) {
                return fault(request, fault);
            } catch (Overloaded | StoreFailed unavailable) {
                log.warn("request {}: the store did not take it", request.id(), unavailable);
                return outside(new MessageView(
                                503,
                                "Not available",
                                "The store cannot be written or read now. Nothing was done. Try again shortly.",
                                ""))
                        .withHeader("Retry-After", "2");
            } catch (Unread unread) {
                log.warn("request {}: {}", request.id(), unread.getMessage());
                return outside(new MessageView(
                                503, "Not available", "This node cannot decide now. Nothing was done. Try again.", ""))
                        .withHeader("Retry-After", "2");
            } catch (RuntimeException ours) {
                log.error("request {} failed", request.id(), ours);
                return outside(new MessageView(
                        500, "Our fault", "Something failed here. The log has the rest.", request.id()));
            }
        };
    }

    /// What HTTP itself refuses, as a page.
    public Reply fault(Request request, HttpFault fault) {
        var view = new MessageView(fault.status, title(fault.status), Wording.asSentence(fault.said), "");
        try {
            return door.visit(request)
                    .map(visit -> Reply.html(
                            fault.status, renderer.page(door.frame(visit, view.title(), Section.NONE), view)))
                    .orElseGet(() -> outside(view))
                    .withHeaders(fault.headers);
        } catch (Overloaded | StoreFailed unavailable) {
            log.warn("request {}: the store did not say who it is", request.id(), unavailable);
            return outside(view).withHeaders(fault.headers);
        }
    }

    private Reply outside(MessageView view) {
        return Reply.html(view.status(), renderer.page(Door.outside(view.title()), view));
    }

    private static String title(int status) {
        return switch (status) {
            case 403 -> "Not allowed";
            case 404 -> "Nothing is here";
            case 405 -> "Not this way";
            default -> "That did not work";
        };
    }
}
