package dev.countersign.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.http.Json;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.proof.Claims;
import dev.countersign.usage.Finding;
import dev.countersign.wiring.Operations;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What half a year at the demo's company has to show: every finding, and something on every page.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HistoryTest {
    /// Every code there is, good news among them.
    private static final Set<String> ALL =
            Set.copyOf(Stream.concat(Finding.UNUSUAL.stream(), Stream.of(Finding.ATTESTED, Finding.REGULAR))
                    .toList());

    /// The past has none of it: a second secret and an attested client are there to be used by whoever tries the
    /// examples, and would be nothing new, or attested no more, once they were.
    private static final Set<String> NOT_IN_THE_PAST = Set.of(Finding.NEW_CREDENTIAL, Finding.ATTESTED);

    /// No example has it: two hang on the hour at which somebody pastes it, one on a registration that changes, and one
    /// on a denial by whoever pastes it.
    private static final Set<String> IN_NO_EXAMPLE =
            Set.of(Finding.ODD_HOUR, Finding.VERY_ODD_HOUR, Finding.NEW_METHOD, Finding.ASKED_AGAIN);

    /// Later than now, at another time of the day, and on another day of the week.
    private static final Duration LATER = Duration.ofHours(76);

    private final Instant started = Instant.now().plus(LATER).truncatedTo(ChronoUnit.MILLIS);
    private Path path = Path.of("");
    private Demo demo;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        path = folder;
        var running = new AtomicBoolean();
        demo = start(folder.resolve("demo"), () -> running.get() ? Instant.now().plus(LATER) : started);
        running.set(true);
    }

    private static Demo start(Path data, InstantSource clock) throws IOException {
        var listen = InetSocketAddress.createUnresolved("localhost", 0);
        return Demo.start(new Demo.Settings(data, Optional.of(listen), true), _ -> {}, clock);
    }

    @AfterAll
    void stop() {
        demo.close();
    }

    /// An entry of a request that policy judged, and what was unusual about it.
    private record Judged(EntryView entry, Set<String> findings) {}

    /// @param from the first entry
    private static List<Judged> judged(Demo demo, long from) {
        var configuration = Demo.folder(demo.data().resolve("config")).configuration();
        try (var operations = Operations.open(configuration, Optional.empty(), InstantSource.system())) {
            var ledger = operations.ledger();
            return ledger.entries(from, 100_000).stream()
                    .filter(it -> it.code() == Code.TOKEN_MINTED
                            || it.code() == Code.REQUEST_JUDGED
                            || it.code() == Code.REQUEST_REFUSED)
                    .map(it -> new Judged(
                            it,
                            ledger.disclosures(it.index()).stream()
                                    .filter(disclosed -> disclosed.name().equals(Member.FACTS))
                                    .flatMap(disclosed -> disclosed.value().stream())
                                    .flatMap(HistoryTest::findings)
                                    .collect(Collectors.toSet())))
                    .toList();
        }
    }

    private static Stream<String> findings(String json) {
        var facts = Json.read(json).path("facts");
        var told = new ArrayList<String>();
        facts.path("findings").forEach(it -> told.add(it.stringValue("")));
        if (facts.path("usage.attested").asBoolean(false)) {
            told.add(Finding.ATTESTED);
        }
        if (facts.path("usage.mature").asBoolean(true)) {
            told.add(Finding.REGULAR);
        }
        return told.stream();
    }

    private static Set<String> codes(List<Judged> judged) {
        var codes = new TreeSet<String>();
        judged.forEach(it -> codes.addAll(it.findings()));
        return codes;
    }

    private static long size(Demo demo) {
        var configuration = Demo.folder(demo.data().resolve("config")).configuration();
        try (var operations = Operations.open(configuration, Optional.empty(), InstantSource.system())) {
            return operations.ledger().size();
        }
    }

    private static List<EntryView> entries(Demo demo, Code code) {
        var configuration = Demo.folder(demo.data().resolve("config")).configuration();
        try (var operations = Operations.open(configuration, Optional.empty(), InstantSource.system())) {
            return operations.ledger().entries(0, 100_000).stream()
                    .filter(it -> it.code() == code)
                    .toList();
        }
    }

    private static JsonNode api(Demo demo, String user, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(demo.file().issuer() + "/api/v1" + path))
                    .header(
                            "Authorization",
                            "Bearer " + demo.file().person(user).apiToken())
                    .build();
            return Json.read(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    @Test
    void a_claim_is_proved_and_a_candidate_runs_beside_what_is_in_force() throws Exception {
        var shadow = api(demo, "max", "/shadow");
        assertThat(shadow.path("candidate").stringValue(""))
                .isNotEqualTo(demo.version())
                .isEqualTo(Demo.folder(demo.data().resolve("candidate"))
                        .configuration()
                        .version());
        var configuration = Demo.folder(demo.data().resolve("config")).configuration();
        assertThat(configuration.claims()).hasSize(1);
        var claims = (Read.Good) Configuration.read(demo.data().resolve("config"));
        assertThat(Claims.installed().faults(configuration, claims.rules())).isEmpty();
    }

    @Test
    void the_past_has_every_finding_that_it_can_have() throws Exception {
        assertHasAll(demo);
    }

    @Test
    void the_past_is_the_same_for_all_who_start_then() throws Exception {
        try (var other = start(path.resolve("other"), InstantSource.fixed(started))) {
            assertThat(told(demo))
                    .startsWith(told(other).toArray(String[]::new))
                    .hasSizeGreaterThan(2_000);
        }
    }

    private static void assertHasAll(Demo demo) throws Exception {
        assertThat(codes(judged(demo, 0)))
                .containsAll(
                        ALL.stream().filter(it -> !NOT_IN_THE_PAST.contains(it)).toList());
        assertThat(api(demo, "ana", "/requests?state=pending").path("items").isEmpty())
                .isTrue();
    }

    /// Without what is random: ids, keys and secrets.
    private static List<String> told(Demo demo) {
        var configuration = Demo.folder(demo.data().resolve("config")).configuration();
        try (var operations = Operations.open(configuration, Optional.empty(), InstantSource.system())) {
            return operations.ledger().entries(0, 100_000).stream()
                    .map(it -> it.at() + " " + it.code() + " " + it.text(Member.CLIENT) + " " + it.text(Member.OUTCOME)
                            + " " + it.text(Member.BECAUSE) + " " + it.texts(Member.RULES))
                    .toList();
        }
    }

    /// Runs a command as people paste it; returns when it is over, or its request waits.
    private static Process paste(Demo demo, String curl) throws Exception {
        int before = pending(demo);
        var process = new ProcessBuilder("sh", "-c", curl)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (pending(demo) == before && !process.waitFor(50, TimeUnit.MILLISECONDS)) {
            // it is on its way
        }
        return process;
    }

    private static int pending(Demo demo) throws Exception {
        return api(demo, "ana", "/requests?state=pending&limit=100")
                .path("items")
                .size();
    }

    /// After all others, which read what it adds to.
    @Test
    @Order(Integer.MAX_VALUE)
    void whoever_pastes_the_examples_sees_the_others_and_an_attested_client() throws Exception {
        var waiting = new ArrayList<Process>();
        try {
            long from = size(demo);
            for (var example : demo.file().examples()) {
                waiting.add(paste(demo, example.curl()));
            }
            var told = judged(demo, from);
            assertThat(codes(told))
                    .containsAll(ALL.stream()
                            .filter(it -> !IN_NO_EXAMPLE.contains(it))
                            .toList());
            assertThat(told)
                    .filteredOn(it -> it.findings().contains(Finding.STORM))
                    .isNotEmpty()
                    .allSatisfy(it -> assertThat(it.entry().texts(Member.RULES)).containsExactly("jobs-run-once"));
            assertThat(api(demo, "cy", "/break-glass?state=due").path("items").size())
                    .isOne();
            var asked = new HashSet<String>();
            api(demo, "ana", "/requests?state=pending&limit=100")
                    .path("items")
                    .forEach(it -> asked.add(it.path("client").stringValue("")));
            assertThat(asked)
                    .containsExactlyInAnyOrder(
                            "refund-bot",
                            "payout-runner",
                            "sale-prices",
                            "support-desk",
                            "care-agent",
                            "price-agent",
                            "tax-export");
        } finally {
            waiting.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void people_approved_narrowed_denied_let_lapse_and_looked_afterwards() {
        assertThat(entries(demo, Code.REQUEST_DECIDED))
                .extracting(it -> it.text(Member.OUTCOME))
                .contains(Member.APPROVED, Member.DENIED, Member.EXPIRED);
        assertThat(entries(demo, Code.REQUEST_ENDED))
                .extracting(it -> it.text(Member.OUTCOME))
                .contains(Member.EXPIRED);
        assertThat(entries(demo, Code.REQUEST_VOTED))
                .anySatisfy(it -> assertThat(it.body()).containsKey(Member.DETAILS_DIGEST));
        assertThat(entries(demo, Code.REQUEST_REFUSED))
                .extracting(it -> it.text(Member.BECAUSE))
                .contains("policy", "frozen", "no-ticket");
        assertThat(entries(demo, Code.BREAK_GLASS_REVIEWED)).isNotEmpty();
        assertThat(entries(demo, Code.CLIENT_ATTESTED)).isNotEmpty();
        assertThat(entries(demo, Code.FREEZE_LIFTED)).isNotEmpty();
        assertThat(entries(demo, Code.TOKEN_MINTED))
                .extracting(it -> it.text(Member.BY))
                .contains(Member.BY_POLICY, Member.BY_PEOPLE, Member.BY_OBSERVATION, Member.BY_BREAK_GLASS);
    }

    @Test
    void others_approved_what_was_published_and_read_what_it_would_have_changed() throws Exception {
        assertThat(entries(demo, Code.CONFIGURATION_PUBLISHED)).hasSize(3);
        var asked = api(demo, "cy", "/requests?client=countersign&state=redeemed,denied")
                .path("items");
        assertThat(asked.size()).isEqualTo(3);
        var flips = new ArrayList<Integer>();
        for (var it : asked) {
            var one = api(demo, "cy", "/requests/" + it.path("id").stringValue(""));
            flips.add(one.path("publication").path("backtest").path("loosened").asInt(0));
        }
        assertThat(flips).anySatisfy(it -> assertThat(it).isGreaterThan(3));
    }

    @Test
    void clients_have_what_they_never_used_and_one_is_attested_observed_and_retired_each() throws Exception {
        var unused = new ArrayList<String>();
        for (var it : api(demo, "cy", "/clients").path("items")) {
            var id = it.path("id").stringValue("");
            if (api(demo, "cy", "/clients/" + id + "/usage").path("unused").asInt(0) > 0) {
                unused.add(id);
            }
        }
        assertThat(unused).contains("reports", "care-agent", "old-crm-export", "gift-cards", "loyalty-sync");
        var pages = new Pages();
        assertThat(pages.read("/clients")).contains("attested until", "observed only until", "disabled");
    }

    @Test
    void every_page_has_something_to_show() throws Exception {
        var pages = new Pages();
        assertThat(pages.read("/")).contains("Nothing waits.");
        assertThat(pages.read("/history")).contains("care-agent", "denied");
        assertThat(pages.read("/history/refused")).contains("jobs-run-once");
        assertThat(pages.read("/history/observed")).contains("Loyalty points", "held");
        assertThat(pages.read("/policy")).contains("small-refunds", "by others").doesNotContain("settled nothing ever");
        assertThat(pages.read("/freeze")).contains("Nothing is frozen.");
        for (var it : api(demo, "cy", "/clients").path("items")) {
            var id = it.path("id").stringValue("");
            var page = pages.read("/clients/" + id);
            if (!Set.of("payments-gateway", "catalogue-gateway", "old-crm-export", "gift-cards", "tax-export")
                    .contains(id)) {
                assertThat(page).as(id).contains("<svg");
            }
        }
        for (var it : api(demo, "cy", "/requests?limit=100").path("items")) {
            assertThat(pages.read("/requests/" + it.path("id").stringValue(""))).contains("Timeline");
        }
        var glass = entries(demo, Code.BREAK_GLASS_USED).getFirst().request().orElseThrow();
        assertThat(pages.read("/afterwards/" + glass)).contains("People found it right.", "INC-2231");
        assertThat(pages.read("/policy/decision?ref=" + glass)).contains("outage");
    }

    @Test
    void it_is_small() throws IOException {
        try (Stream<Path> all = Files.walk(demo.data())) {
            long bytes = all.filter(Files::isRegularFile)
                    .mapToLong(it -> it.toFile().length())
                    .sum();
            assertThat(bytes).isLessThan(40L * 1024 * 1024);
        }
    }

    /// The dashboard in a browser that ana, who audits as well, is signed in at.
    private final class Pages {
        private final HttpClient http = HttpClient.newHttpClient();
        private final Map<String, String> cookies = new TreeMap<>();

        Pages() throws Exception {
            var csrf = read("/login").replaceFirst("(?s).*name=\"csrf\" value=\"([^\"]+)\".*", "$1");
            var form = "csrf=" + csrf + "&next=%2F&user=ana&password="
                    + URLEncoder.encode(demo.file().person("ana").password(), UTF_8);
            var answer = send(request("/login")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form)));
            assertThat(answer.statusCode()).isEqualTo(303);
        }

        private HttpRequest.Builder request(String path) {
            var request = HttpRequest.newBuilder(URI.create(demo.file().issuer() + path));
            return cookies.isEmpty()
                    ? request
                    : request.header(
                            "Cookie",
                            cookies.entrySet().stream()
                                    .map(it -> it.getKey() + "=" + it.getValue())
                                    .collect(Collectors.joining("; ")));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answer.headers().allValues("Set-Cookie").forEach(it -> {
                var pair = it.split(";", 2)[0].split("=", 2);
                cookies.put(pair[0], pair[1]);
            });
            return answer;
        }

        String read(String path) throws Exception {
            var answer = send(request(path));
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            return answer.body();
        }
    }
}
