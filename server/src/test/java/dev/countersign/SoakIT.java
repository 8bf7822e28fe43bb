package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.http.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server at half of what it can do, for half an hour or as many minutes as `-Dcountersign.minutes` says: nothing
/// grows. In the short form it goes on for some seconds, in which it opens nothing more.
@Timeout(value = 7_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SoakIT {
    private static final Duration LENGTH = TestReport.isLong()
            ? Duration.ofMinutes(Integer.getInteger("countersign.minutes", 30))
            : Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofSeconds(TestReport.times(1, 15));
    private static final double MIB = 1 << 20;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final AtomicLong lagMillis = new AtomicLong();

    @TempDir
    private Path folder;

    /// What there was at one moment.
    ///
    /// @param minute since it began
    /// @param heap in MiB, after a collection
    /// @param log of the store, in MiB
    /// @param lag of the slowest event since the last sample, in ms
    private record Sample(double minute, double heap, double files, double threads, double log, double lag) {}

    @AfterEach
    void end() throws Exception {
        for (var it : opened.reversed()) {
            it.close();
        }
    }

    @Test
    void at_half_load_nothing_grows() throws Exception {
        var node = new TestNode(folder);
        opened.add(node);
        TestCompany.configure(folder, node.address(), "sqlite:countersign.db");
        node.start();
        var bearer = TestCompany.bearer(folder);
        var seen = new CrashRecord(folder.resolve("seen"));
        var crowd = new TestCrowd(seen, List.of(node), bearer);
        opened.add(crowd);
        crowd.atHalfSpeed();
        crowd.begin();
        crowd.untilServed();
        listen(node, bearer);

        var samples = new ArrayList<Sample>();
        long began = System.nanoTime();
        TestReport.say("soak, minute | heap MiB | files | threads | log MiB | slowest event ms | tokens");
        while (System.nanoTime() - began < LENGTH.toNanos()) {
            LockSupport.parkNanos(BETWEEN.toNanos());
            samples.add(sample(node, (System.nanoTime() - began) / 60e9));
            var it = samples.getLast();
            TestReport.say("soak, %.1f | %.1f | %.0f | %.0f | %.1f | %.0f | %d"
                    .formatted(it.minute(), it.heap(), it.files(), it.threads(), it.log(), it.lag(), seen.count()));
        }
        crowd.end();

        // What a server learns of its clients it learns in the beginning.
        var settled = samples.subList(samples.size() / 3, samples.size());
        double heap = slope(settled, Sample::heap);
        double files = slope(settled, Sample::files);
        double threads = slope(settled, Sample::threads);
        double log = slope(settled, Sample::log);
        double lag = slope(settled, Sample::lag);
        TestReport.say(
                "soak of %s at half load: %d tokens; a minute brings %.2f MiB of heap, %.2f files, %.2f threads, %.2f MiB of log, %.1f ms of lag"
                        .formatted(LENGTH, seen.count(), heap, files, threads, log, lag));
        if (TestReport.isLong()) {
            assertThat(heap).as("MiB of heap a minute").isLessThan(1);
            assertThat(files).as("files a minute").isLessThan(1);
            assertThat(threads).as("threads a minute").isLessThan(1);
            assertThat(log).as("MiB of log a minute").isLessThan(1);
            assertThat(lag).as("ms of lag a minute").isLessThan(100);
            // The measure measures: one that loses 2 MiB a minute is found.
            assertThat(slope(settled, it -> it.heap() + 2 * it.minute())).isGreaterThan(1);
        } else {
            // A server that has just started still learns; but it need not open anything.
            assertThat(samples.getLast().files() - settled.getFirst().files()).isLessThan(10);
            assertThat(samples.getLast().threads() - settled.getFirst().threads())
                    .isLessThan(10);
        }

        assertThat(settled).as("events were heard").anyMatch(it -> it.lag() > 0);
    }

    private Sample sample(TestNode node, double minute) throws Exception {
        TestNode.command(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(node.process().pid()),
                "GC.run");
        var log = folder.resolve("countersign.db-wal");
        return new Sample(
                minute,
                heap(node) / MIB,
                node.metric("process_files_open_files"),
                node.metric("jvm_threads_live_threads"),
                (Files.exists(log) ? Files.size(log) : 0) / MIB,
                lagMillis.getAndSet(0));
    }

    private static double heap(TestNode node) throws IOException, InterruptedException {
        return Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\".*} ([0-9.E]+)$")
                .matcher(node.get("/metrics").body())
                .results()
                .mapToDouble(it -> Double.parseDouble(it.group(1)))
                .sum();
    }

    /// Follows the events, and notes how long after its time each one came.
    private void listen(TestNode node, String bearer) {
        var http = HttpClient.newHttpClient();
        opened.add(http::shutdownNow);
        var request = HttpRequest.newBuilder(node.address().resolve("/api/v1/events"))
                .header("Authorization", "Bearer " + bearer)
                .build();
        Thread.ofVirtual().start(() -> {
            try (var lines =
                    http.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
                lines.filter(it -> it.startsWith("data:")).forEach(it -> {
                    var at = Json.read(it.substring(5)).path("at").stringValue("");
                    if (!at.isEmpty()) {
                        long lag = Duration.between(Instant.parse(at), Instant.now())
                                .toMillis();
                        lagMillis.accumulateAndGet(lag, Math::max);
                    }
                });
            } catch (IOException | InterruptedException | RuntimeException over) {
                // the test is over, or the lag stays at 0 and says so
            }
        });
    }

    /// How much a value grows in a minute, by least squares.
    private static double slope(List<Sample> samples, ToDoubleFunction<Sample> value) {
        double x = samples.stream().mapToDouble(Sample::minute).average().orElseThrow();
        double y = samples.stream().mapToDouble(value).average().orElseThrow();
        double above = 0;
        double below = 0;
        for (var it : samples) {
            above += (it.minute() - x) * (value.applyAsDouble(it) - y);
            below += (it.minute() - x) * (it.minute() - x);
        }
        return above / below;
    }
}
