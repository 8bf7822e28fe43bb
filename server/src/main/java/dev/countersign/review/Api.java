package dev.countersign.review;

import dev.countersign.approval.Alternatives;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Foresight;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Unread;
import dev.countersign.http.Handler;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Routes;
import dev.countersign.ledger.Ledger;
import dev.countersign.mint.Keys;
import dev.countersign.people.Freshness;
import dev.countersign.people.Memberships;
import dev.countersign.people.People;
import dev.countersign.store.Overloaded;
import dev.countersign.store.Store;
import dev.countersign.store.StoreFailed;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The JSON API under `/api/v1`: its routes, and the one place where its problems become replies.
public final class Api implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Api.class);
    private static final String BASE = "/api/v1";

    private final RequestsApi requests;
    private final LedgerApi entries;
    private final FreezeApi freezes;
    private final CatalogApi catalog;
    private final ReviewersApi reviewers;
    private final Events events;
    private final OpenApi description;

    /// @param issuer this server's URL as browsers see it
    public Api(
            Guard guard,
            Store store,
            Ledger ledger,
            People people,
            Memberships memberships,
            Desk desk,
            Panel panel,
            Discussion discussion,
            Foresight foresight,
            Alternatives alternatives,
            Freezes freezes,
            Keys keys,
            Supplier<InForce> inForce,
            Freshness freshness,
            String issuer,
            InstantSource clock) {
        this.requests = new RequestsApi(
                guard,
                desk,
                panel,
                discussion,
                foresight,
                alternatives,
                ledger,
                new RequestJson(people),
                inForce,
                freshness,
                issuer);
        this.entries = new LedgerApi(guard, ledger);
        this.freezes = new FreezeApi(guard, store, freezes, inForce);
        this.catalog = new CatalogApi(guard, inForce, people, memberships, keys, clock);
        this.reviewers = new ReviewersApi(guard, store, clock);
        this.events = new Events(ledger, guard);
        this.description = new OpenApi(issuer);
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        get(routes, "/openapi.json", description::show);
        get(routes, "/requests", requests::list);
        get(routes, "/requests/{id}", requests::show);
        post(routes, "/requests/{id}/votes", requests::vote);
        post(routes, "/requests/{id}/comments", requests::comment);
        post(routes, "/requests/plan", requests::plan);
        post(routes, "/requests/{id}/nudge", requests::nudge);
        post(routes, "/requests/{id}/reassign", requests::reassign);
        post(routes, "/requests/{id}/claim", requests::claim);
        post(routes, "/requests/{id}/release", requests::release);
        post(routes, "/requests/{id}/cancel", requests::cancel);
        post(routes, "/requests/{id}/revoke", requests::revoke);
        get(routes, "/events", events::events);
        get(routes, "/ledger", entries::list);
        get(routes, "/ledger/checkpoint", entries::checkpoint);
        get(routes, "/ledger/vkey", entries::keys);
        get(routes, "/ledger/tile/{path...}", entries::tile);
        get(routes, "/ledger/entries/{n}", entries::entry);
        get(routes, "/ledger/receipts/{jti}", entries::receipt);
        get(routes, "/ledger/references/{ref}", entries::reference);
        get(routes, "/freezes", freezes::list);
        post(routes, "/freezes", freezes::set);
        post(routes, "/freezes/lift", freezes::lift);
        get(routes, "/clients", catalog::clients);
        get(routes, "/resources", catalog::resources);
        get(routes, "/groups", catalog::groups);
        get(routes, "/reviewers", reviewers::habit);
        get(routes, "/configuration", catalog::configuration);
        get(routes, "/keys", catalog::keys);
    }

    private static void get(Routes routes, String path, Handler handler) {
        routes.get(BASE + path, answered(handler));
    }

    private static void post(Routes routes, String path, Handler handler) {
        routes.post(BASE + path, answered(handler));
    }

    /// The handler, with its problems as replies.
    public static Handler answered(Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (Problem problem) {
                return problem.reply();
            } catch (HttpFault fault) {
                return fault(fault);
            } catch (Json.Malformed malformed) {
                return Problem.reply(400, "Not JSON", String.valueOf(malformed.getMessage()));
            } catch (Overloaded | StoreFailed unavailable) {
                log.warn("request {}: the store did not take it", request.id(), unavailable);
                return Problem.reply(503, "Not available", "the store cannot be written or read now, try again shortly")
                        .withHeader("Retry-After", "2");
            } catch (Unread unread) {
                log.warn("request {}: {}", request.id(), unread.getMessage());
                return Problem.reply(503, "Not available", "this node cannot decide now, another may")
                        .withHeader("Retry-After", "2");
            } catch (RuntimeException ours) {
                log.error("request {} failed", request.id(), ours);
                return Problem.reply(500, "Our fault", "the log has the rest under request " + request.id());
            }
        };
    }

    /// What HTTP itself refuses, as a problem document.
    public static Reply fault(HttpFault fault) {
        return Problem.reply(fault.status, "Refused", fault.said);
    }

    @Override
    public void close() {
        events.close();
    }
}
