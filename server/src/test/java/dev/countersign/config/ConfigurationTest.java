package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.Client;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Fact;
import dev.countersign.source.FactSource;
import dev.countersign.source.Reading;
import dev.countersign.source.Template;
import dev.countersign.store.StoreAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonPointer;

final class ConfigurationTest {
    private static final String API = "https://payments.example.com";

    @TempDir
    private Path path;

    private TestFolder folder;

    @BeforeEach
    void write() {
        folder = TestFolder.example(path);
    }

    @Test
    void a_folder_becomes_one_record() {
        var it = folder.good();

        assertThat(it.node().issuer()).isEqualTo("https://auth.example.com");
        assertThat(it.node().listen().getPort()).isEqualTo(8080);
        assertThat(it.node().trustedProxies()).containsExactly("10.0.0.0/8");
        assertThat(it.node().store()).isEqualTo(new StoreAddress.Sqlite(path.resolve("countersign.db")));
        assertThat(it.node().masterKey()).isEqualTo(path.resolve("master.key"));
        assertThat(it.signing().rotateEvery()).isEqualTo(Duration.ofDays(90));
        assertThat(it.limits())
                .isEqualTo(new Limits(Duration.ofMinutes(10), 20, OptionalInt.empty(), Duration.ofSeconds(25)));
        assertThat(it.people()).extracting(person -> person.user()).containsExactly("ana", "bo", "cy");
        assertThat(the(it.groups(), "payments-oncall").members()).containsExactly("ana", "bo");
        var resource = the(it.resources(), API);
        assertThat(resource.scopes().keySet()).containsExactly("refunds:read", "refunds:write");
        assertThat(the(resource.scopes(), "refunds:write").risk()).isEqualTo(Risk.HIGH);
        assertThat(the(resource.details(), "refund").lowerable()).containsExactly("amount");
        assertThat(resource.introspectedBy()).containsExactly("payments-gateway");
        var bot = the(it.clients(), "refund-bot");
        assertThat(bot.access()).containsEntry(API, Scopes.of(List.of("refunds:read", "refunds:write")));
        assertThat(bot.details()).containsEntry(API, List.of("refund"));
        assertThat(bot.syncWait()).contains(Duration.ofSeconds(25));
        assertThat(bot.tags()).containsExactly("payments", "prod");
        assertThat(bot.auth())
                .isEqualTo(new Client.Authentication.Secret(
                        Client.Method.CLIENT_SECRET_BASIC,
                        List.of(
                                new Client.SecretHash(
                                        "2".repeat(64), Optional.of(Instant.parse("2027-03-01T00:00:00Z"))),
                                new Client.SecretHash("3".repeat(64), Optional.empty()))));
        assertThat(it.policy().version()).isEqualTo(it.version());
        assertThat(it.policy().rules()).hasSize(3);
        assertThat(it.tests()).hasSize(2);
    }

    @Test
    void the_version_does_not_depend_on_layout_order_and_comments() {
        var version = folder.good().version();
        folder.with(
                "all.yaml",
                folder.text("apis/payments.yaml")
                        .replace("clients:", "# here\nclients:")
                        .replace(
                                "    name: Payments API\n    owner: payments-oncall\n",
                                "    owner: \"payments-oncall\"\n    name: Payments API\n"));
        folder.without("apis/payments.yaml").replacing("people.yaml", "[ana, bo]", "[bo, ana]");

        assertThat(version).matches("[0-9a-f]{64}");
        assertThat(folder.good().version()).isEqualTo(version);
    }

    @Test
    void the_version_is_another_when_a_schema_file_is() {
        var version = folder.good().version();

        assertThat(folder.replacing("refund.schema.json", "\"minimum\": 1", "\"minimum\": 2")
                        .good()
                        .version())
                .isNotEqualTo(version);
    }

    @Test
    void what_is_the_nodes_own_is_not_part_of_the_version() {
        var version = folder.good().version();

        assertThat(folder.replacing("node.yaml", "8080", "8443").good().version())
                .isEqualTo(version);
    }

    @Test
    void the_content_is_a_configuration_and_reads_as_the_same() {
        var written = folder.good();

        var read = Configuration.read(written.content(), written.node());

        assertThat(read).isInstanceOf(Read.Good.class);
        var again = ((Read.Good) read).configuration();
        assertThat(again.version()).isEqualTo(written.version());
        assertThat(again.content()).isEqualTo(written.content());
        assertThat(again.clients()).isEqualTo(written.clients());
        assertThat(again.people()).isEqualTo(written.people());
        assertThat(again.tests()).isEqualTo(written.tests());
    }

    @Test
    void sources_become_records_and_the_content_has_where_a_secret_is_kept() {
        var it = folder.with("sources.yaml", """
                        sources:
                          tickets:
                            url: https://tickets.example.com/api/{ticket}
                            timeout: 2s
                            cache: 30s
                            authorization: { file: secrets/tickets }
                            facts:
                              open: { pointer: /status/open, type: bool }
                              watchers: { pointer: /watchers, type: list(string) }
                          pdp: { authzen: "https://pdp.example.com/access/v1/evaluation" }
                        policies:
                          - { rule: watched, when: "'ana' in source.tickets.watchers && source.tickets.open", approve: {} }
                        tests:
                          - name: a watched ticket that is open
                            given: { client: refund-bot, scopes: ["refunds:read"], source.tickets.open: true, source.tickets.watchers: [ana] }
                            expect: { verdict: approve }
                        """).good();

        assertThat(it.sources())
                .containsExactly(
                        new FactSource(
                                "pdp",
                                new FactSource.Asked.Decision(
                                        URI.create("https://pdp.example.com/access/v1/evaluation")),
                                Duration.ofSeconds(1),
                                Duration.ZERO,
                                Optional.empty()),
                        new FactSource(
                                "tickets",
                                new FactSource.Asked.Page(
                                        new Template("https://tickets.example.com/api/{ticket}"),
                                        List.of(
                                                new Reading(
                                                        "open", Fact.Type.TRUTH, JsonPointer.compile("/status/open")),
                                                new Reading(
                                                        "watchers",
                                                        Fact.Type.TEXTS,
                                                        JsonPointer.compile("/watchers")))),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(30),
                                Optional.of("secrets/tickets")));
        assertThat(it.policy().sources()).containsExactly("tickets");
        assertThat(it.content()).contains("\"authorization\":{\"file\":\"secrets/tickets\"}");
        assertThat(it.node().folder()).isEqualTo(path);
        var again = (Read.Good) Configuration.read(it.content(), it.node());
        assertThat(again.configuration().version()).isEqualTo(it.version());
        assertThat(again.configuration().sources()).isEqualTo(it.sources());
    }

    @Test
    void a_calendar_may_name_only_people_whom_there_are_each_once_and_its_address_is_a_secret() {
        folder.with("oncall.yaml", """
                groups:
                  first: { on_call: { calendar: { file: oncall.txt }, people: { "Ana": ana, "ANA ": ana } } }
                  second: { on_call: { calendar: { file: secrets/oncall }, people: { "Zoe": zoe } } }
                  third: { on_call: { calendar: { file: secrets/oncall }, people: { } } }
                """);

        assertThat(folder.faults())
                .anyMatch(it -> it.contains("the address of a calendar is in a file in the folder `secrets`, such as"
                        + " `secrets/first`; put it there"))
                .anyMatch(it -> it.contains("are the same name, as names in calendars are compared; keep one"))
                .anyMatch(it -> it.contains("there is no person `zoe`"))
                .anyMatch(it -> it.contains("a calendar that may name nobody puts nobody on call"))
                .hasSize(4);
    }

    @Test
    void a_test_that_gives_a_source_another_type_is_a_fault() {
        folder.with("sources.yaml", """
                sources:
                  tickets: { url: "https://a.example/{ticket}", facts: { open: { pointer: /open, type: bool } } }
                tests:
                  - { name: odd, given: { client: refund-bot, source.tickets.open: maybe }, expect: { verdict: deny } }
                """);

        assertThat(folder.faults())
                .containsExactly("sources.yaml:4:5: test: odd: source.tickets.open is bool, and this is not: maybe");
    }

    /// A node must go on with what it has published, whatever later releases look for.
    @Test
    void a_cap_that_contradicts_its_rule_is_a_fault_of_folders_and_not_of_what_was_published() {
        var content = folder.good()
                .content()
                .replace(
                        "\"policies\":[",
                        "\"policies\":[{\"approve\":{\"lifetime\":\"5m\"},\"rule\":\"clamp\",\"when\":\"usage.mature && lifetime > 300\"},");
        assertThat(Configuration.read(content, folder.good().node())).isInstanceOf(Read.Good.class);

        folder.with("clamp.yaml", """
                policies:
                  - { rule: clamp, when: usage.mature && lifetime > 300, approve: { lifetime: 5m } }
                  - { rule: long, when: lifetime > 900 && risk >= HIGH, approve: {} }
                  - { rule: exact, when: lifetime >= 300, approve: { lifetime: 5m } }
                  - { rule: either, when: lifetime > 300 || risk == LOW, approve: { lifetime: 5m } }
                  - { rule: refused, when: lifetime > 300, deny: too long }
                """);
        assertThat(folder.faults())
                .containsExactly(
                        "clamp.yaml:2:69: rule `clamp` speaks only of requests that ask for longer than 5m, which is the most it lets a token live; write a longer `lifetime`, or another condition",
                        "clamp.yaml:3:57: rule `long` speaks only of requests that ask for longer than 15m, which is the most it lets a token live; write a longer `lifetime`, or another condition");
    }

    @Test
    void faults_of_a_content_are_at_json_pointers() {
        var content = folder.good().content().replace("\"sync_wait\"", "\"sinc_wait\"");

        assertThat(Configuration.read(content, folder.good().node()))
                .isInstanceOfSatisfying(
                        Read.Bad.class,
                        it -> assertThat(it.faults())
                                .containsExactly(new Fault(
                                        new Place("/clients/1/sinc_wait", 1, 1),
                                        "`sinc_wait` is no key of a client; did you mean `sync_wait`?")));
    }

    @Test
    void a_client_whose_requests_nobody_could_approve_is_a_warning() {
        folder.replacing("people.yaml", "payments-dev: { members: [cy] }", "payments-dev: { members: [bo, cy] }");

        assertThat(folder.warnings())
                .containsExactly(
                        "clients.yml:2:5: nobody could approve what rule `money-moves` holds back for `refund-bot`:"
                                + " members of its owner `payments-dev` do not count; add others to `payments-oncall`, `security`");
    }

    @Test
    void an_approving_rule_that_says_nothing_of_usage_is_told_of_and_that_nobody_could_decide_in_its_place() {
        folder.replacing("policies.yaml", "usage.mature && findings.size() == 0", "risk <= HIGH")
                .replacing("policies.yaml", "risk == LOW && risk <= HIGH", "risk <= HIGH")
                .replacing("policies.yaml", "approve: { lifetime: 60s }", "approve: { lifetime: 2m }");
        assertThat(folder.good().asksOwnerWhenUnfamiliar()).containsExactly("routine-read");

        folder.replacing("people.yaml", "payments-dev: { members: [cy] }", "payments-dev: { members: [ana, bo, cy] }");
        assertThat(folder.warnings())
                .anyMatch(
                        it -> it.contains("nobody could approve what rule `routine-read` lets through for `refund-bot`"
                                + " when that is dormant or asked for the first time"));
    }

    @Test
    void a_client_that_nobody_could_attest_though_a_rule_speaks_of_it_is_a_warning() {
        folder.replacing("policies.yaml", "usage.idle_days > 60", "usage.idle_days > 60 && !usage.attested");
        assertThat(folder.warnings())
                .containsExactly(
                        "clients.yml:2:5: nobody could attest `refund-bot`, of which rule `no-dormant-privilege` speaks:"
                                + " somebody of its owner `payments-dev` proposes it, and somebody else of `payments-dev`"
                                + " agrees; add members, or name another group under `attest`");

        folder.replacing("clients.yml", "name: Refund bot", "name: Refund bot\n    attest: { by: payments-oncall }");
        assertThat(folder.warnings()).isEmpty();
        assertThat(folder.good().clients().values())
                .extracting(it -> it.attest().lasts())
                .containsOnly(Duration.ofDays(7));
    }

    @Test
    void who_attests_is_a_group_that_there_is_for_a_time_that_ends() {
        folder.replacing("clients.yml", "name: Refund bot", "name: Refund bot\n    attest: { by: nobody, for: 31d }");
        assertThat(folder.faults().toString())
                .contains("there is no group `nobody`")
                .contains("30d");
    }

    @Test
    void what_is_observed_only_is_warned_of_as_long_as_it_stands_there() {
        var tomorrow = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        folder.replacing(
                "clients.yml", "name: Refund bot", "name: Refund bot\n    observe: { until: " + tomorrow + " }");
        assertThat(folder.warnings())
                .containsExactly("clients.yml:4:5: client `refund-bot` is observed only until " + tomorrow
                        + ": what policy says is recorded, and nothing is held, refused or capped");

        folder.replacing("clients.yml", tomorrow.toString(), "2026-01-31");
        assertThat(folder.warnings())
                .containsExactly(
                        "clients.yml:4:5: client `refund-bot` is observed no more since 2026-01-31T00:00:00Z; take it out");
    }

    /// What was published is read whenever that is, so that a clock that is off puts nothing out of force.
    @Test
    void an_end_that_is_too_far_ahead_is_a_fault_of_a_folder_and_not_of_what_was_published() {
        folder.replacing("clients.yml", "name: Refund bot", "name: Refund bot\n    observe: { until: 2026-01-31 }");
        var good = ((Read.Good) folder.read()).configuration();
        var far = good.content().replace("2026-01-31", "2999-01-31");

        folder.replacing("clients.yml", "2026-01-31", "2999-01-31");
        assertThat(folder.faults())
                .containsExactly("clients.yml:4:16: what is observed only ends within 90 days; write an earlier date,"
                        + " and another one then if it has to be");
        assertThat(Configuration.read(far, good.node())).isInstanceOf(Read.Good.class);
    }

    @Test
    void who_may_publish_is_never_observed_only() {
        folder.with("server.yaml", """
                resources:
                  - id: https://auth.example.com
                    name: This server
                    owner: security
                    observe: { until: 2026-01-31 }
                    scopes: [ { name: "configuration:publish", title: Publish, risk: critical } ]
                """);

        assertThat(folder.faults())
                .contains("server.yaml:5:5: who may publish a configuration is never observed only, or anybody could"
                        + " lift every rule; take it out");
    }

    private static <T> T the(Map<String, T> things, String key) {
        return Objects.requireNonNull(things.get(key));
    }
}
