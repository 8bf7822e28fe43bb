package dev.countersign.wiring;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.store.Moving;
import dev.countersign.store.StoreAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A process that moves a store and stays where it is told to, so that it can be killed there.
final class MovingProcess {
    private MovingProcess() {}

    /// @param where the name of a table, or of a stage
    static Process start(Path folder, URI to, String where) throws IOException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(
                List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx128m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MovingProcess.class.getName()));
        command.addAll(List.of(folder.toString(), to.toString(), where));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] args) {
        var configuration = ((Read.Good) Configuration.read(Path.of(args[0]))).configuration();
        Operations.move(
                configuration,
                Optional.empty(),
                new StoreAddress.Postgres(URI.create(args[1])),
                new Staying(args[2]),
                InstantSource.system());
    }

    private record Staying(String where) implements Moving.Told {
        @Override
        public void copied(String table, long rows, long of) {
            stay(table);
        }

        @Override
        public void stage(Moving.Stage stage) {
            stay(stage.name());
        }

        private void stay(String at) {
            if (at.equals(where)) {
                System.out.println(at);
                while (true) {
                    LockSupport.park();
                }
            }
        }
    }
}
