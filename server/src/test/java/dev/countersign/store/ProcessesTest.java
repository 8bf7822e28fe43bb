package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What only a second process can show, with [WritingProcess] as that.
@Timeout(60)
final class ProcessesTest {
    @TempDir
    Path folder;

    @Test
    void what_was_told_done_survives_a_kill() throws Exception {
        var file = folder.resolve("store.db");
        new TestStore(file).close();
        for (int round = 0; round < 2; round++) {
            var told = folder.resolve("told-" + round);
            var child = WritingProcess.start(file, told, 1_000_000L * (round + 1), Integer.MAX_VALUE);
            try (var out = child.inputReader(StandardCharsets.UTF_8)) {
                readLines(out, 20);
            } finally {
                child.destroyForcibly().waitFor();
            }
            var acknowledged =
                    Files.readAllLines(told).stream().map(Long::valueOf).toList();
            assertThat(acknowledged).isNotEmpty();
            try (var test = new TestStore(file)) {
                assertThat(new HashSet<>(test.numbers())).containsAll(acknowledged);
                assertThat(test.store.check()).isEmpty();
            }
        }
    }

    @Test
    void two_processes_write_side_by_side() throws Exception {
        var file = folder.resolve("store.db");
        try (var test = new TestStore(file)) {
            var child = WritingProcess.start(file, folder.resolve("told"), 1_000_000, 40);
            try (var out = child.inputReader(StandardCharsets.UTF_8)) {
                readLines(out, 1);
                var groups = new ArrayList<Long>();
                for (long n = 0; n < 300; n++) {
                    long number = n;
                    groups.add(test.store.write(tx -> {
                        TestStore.insertAfterLooking(tx, number);
                        return tx.group();
                    }));
                }
                assertThat(groups).doesNotHaveDuplicates().isSorted();
                assertThat(out.lines()).isNotEmpty();
            } finally {
                child.waitFor(30, TimeUnit.SECONDS);
            }
            assertThat(child.exitValue()).isZero();
            var told = Files.readAllLines(folder.resolve("told")).stream()
                    .map(Long::valueOf)
                    .toList();
            assertThat(test.numbers()).containsAll(told).hasSize(told.size() + 300);
        }
    }

    @Test
    void a_warm_start_does_without_flyway() throws Exception {
        var file = folder.resolve("store.db");
        new TestStore(file).close();
        var child = WritingProcess.start(file, folder.resolve("told"), 1, 1, "-Xlog:class+load:stdout");
        List<String> loaded;
        try (var out = child.inputReader(StandardCharsets.UTF_8)) {
            loaded = out.lines().toList();
        }
        assertThat(child.waitFor()).isZero();
        assertThat(loaded).anyMatch(line -> line.contains("dev.countersign.store.Migrations"));
        assertThat(loaded.stream().filter(line -> line.contains("org.flywaydb")))
                .isEmpty();
    }

    private static void readLines(BufferedReader out, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(out.readLine()).as("the other process still writes").isNotNull();
        }
    }
}
