package dev.countersign.oauth;

import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place where a refusal becomes a reply. RFC 6749 §5.2.
///
/// What is neither a [Refusal] nor known to stand for one is our fault: the client learns nothing but the id under
/// which our log has the rest.
public final class Edge {
    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

    private final Function<RuntimeException, Optional<Refusal>> known;

    /// An edge for all endpoints.
    ///
    /// @param known names the faults of lower parts that stand for a refusal (an overloaded store is
    ///     `temporarily_unavailable`); it is asked about everything thrown that is no refusal
    public Edge(Function<RuntimeException, Optional<Refusal>> known) {
        this.known = known;
    }

    /// The endpoint's reply, or the reply to what it threw.
    public Reply answer(Request request, Supplier<Reply> endpoint) {
        try {
            return endpoint.get();
        } catch (Refusal refusal) {
            return refused(request, refusal);
        } catch (HttpFault fault) {
            return fault(request, fault);
        } catch (RuntimeException fault) {
            return known.apply(fault).map(refusal -> refused(request, refusal)).orElseGet(() -> broken(request, fault));
        } catch (Error fault) {
            return broken(request, fault);
        }
    }

    private static Reply refused(Request request, Refusal refusal) {
        log(request, refusal);
        var headers = new HashMap<>(Reply.NO_STORE);
        // §5.2: to a client that tried the Authorization header, with the scheme it may use.
        if (refusal.code == ErrorCode.INVALID_CLIENT
                && request.header("Authorization").isPresent()) {
            headers.put("WWW-Authenticate", "Basic realm=\"countersign\"");
        }
        if (refusal.code == ErrorCode.TEMPORARILY_UNAVAILABLE) {
            headers.put(
                    "Retry-After",
                    Long.toString(refusal.after().plusNanos(999_999_999).toSeconds()));
        }
        return Reply.json(refusal.code.status, Map.of("error", refusal.code.wire(), "error_description", refusal.said))
                .withHeaders(headers);
    }

    /// What HTTP refuses (a body too large, of another media type, not UTF-8) keeps its status and says the rest as
    /// OAuth does.
    public static Reply fault(Request request, HttpFault fault) {
        log(request, "status " + fault.status, fault.said, fault);
        return Reply.json(
                        fault.status,
                        Map.of(
                                "error",
                                ErrorCode.INVALID_REQUEST.wire(),
                                "error_description",
                                Refusal.sayable(fault.said)))
                .withHeaders(fault.headers)
                .noStore();
    }

    private static Reply broken(Request request, Throwable fault) {
        LOG.error("request {} {} {} failed", request.id(), request.method(), path(request), fault);
        return Reply.json(
                        ErrorCode.SERVER_ERROR.status,
                        Map.of(
                                "error",
                                ErrorCode.SERVER_ERROR.wire(),
                                "error_description",
                                Refusal.sayable("our fault, logged as request " + request.id())))
                .noStore();
    }

    /// A client that is sent away for a while, with no more to be said of it than it is told, is one of a flood:
    /// whoever refuses floods says what is to be known of them, and not once for each request. Nor is it news that
    /// a poll came too soon for an answer.
    private static void log(Request request, Refusal refusal) {
        var because = String.valueOf(refusal.getMessage());
        boolean expected =
                refusal.code == ErrorCode.TEMPORARILY_UNAVAILABLE || refusal.code == ErrorCode.AUTHORIZATION_PENDING;
        if (expected && because.equals(refusal.said)) {
            LOG.debug("request {} refused, {}: {}", request.id(), refusal.code.wire(), because);
        } else {
            log(request, refusal.code.wire(), because, refusal);
        }
    }

    /// `because` may quote the client, so it is made inert: no client writes lines of our log.
    private static void log(Request request, String what, String because, RuntimeException fault) {
        if (fault.getCause() == null) {
            LOG.info(
                    "request {} {} {} refused, {}: {}",
                    request.id(),
                    request.method(),
                    path(request),
                    what,
                    ClientText.inert(because, 500));
        } else {
            LOG.warn(
                    "request {} {} {} refused, {}: {}",
                    request.id(),
                    request.method(),
                    path(request),
                    what,
                    ClientText.inert(because, 500),
                    fault.getCause());
        }
    }

    private static String path(Request request) {
        return ClientText.inert(request.path(), 200);
    }
}
