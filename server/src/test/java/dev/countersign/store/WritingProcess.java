package dev.countersign.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// A process that writes numbers with sixteen threads and forces each that it was told done to a file of its own.
final class WritingProcess {
    private WritingProcess() {}

    static Process start(Path store, Path told, long first, int rounds, String... options) throws IOException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx128m"));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WritingProcess.class.getName()));
        command.addAll(List.of(store.toString(), told.toString(), String.valueOf(first), String.valueOf(rounds)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// One line to standard output after each round: sixteen numbers, all of them told done.
    public static void main(String[] args) throws Exception {
        long next = Long.parseLong(args[2]);
        int rounds = Integer.parseInt(args[3]);
        try (var store = SqliteStore.open(Path.of(args[0]), InstantSource.system());
                var told = FileChannel.open(Path.of(args[1]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < rounds; round++) {
                var writes = new ArrayList<Callable<Long>>();
                for (int i = 0; i < 16; i++) {
                    long n = next++;
                    writes.add(() -> store.write(tx -> {
                        TestStore.insertAfterLooking(tx, n);
                        return n;
                    }));
                }
                for (var done : threads.invokeAll(writes)) {
                    told.write(ByteBuffer.wrap((done.get() + "\n").getBytes(StandardCharsets.UTF_8)));
                }
                told.force(true);
                System.out.println(round);
            }
        }
    }
}
