package dev.countersign;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// The jar as packaged, in a JVM of its own. Like one that the launcher starts, it has a recording of what it loads:
/// tests
/// start it often.
final class TestJar {
    private static final Path JAR = Path.of("target", "countersign.jar").toAbsolutePath();
    private static final Path RECORDING = Path.of("target", "tests.aot").toAbsolutePath();
    private static final List<String> COMMON = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:aot*=off",
            "-Xlog:cds*=off");

    private TestJar() {}

    /// The command that runs it, to which its own arguments are added.
    ///
    /// @param options of the JVM
    static List<String> java(List<String> options) throws IOException, InterruptedException {
        record();
        var all = java();
        all.add("-XX:AOTCache=" + RECORDING);
        all.addAll(options);
        all.addAll(List.of("-jar", JAR.toString()));
        return all;
    }

    private static List<String> java() {
        var all = new ArrayList<String>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(COMMON);
        return all;
    }

    /// Once for each jar, also where several JVMs test at a time.
    private static void record() throws IOException, InterruptedException {
        try (var channel = FileChannel.open(
                        RECORDING.resolveSibling("tests.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (Files.exists(RECORDING)
                    && Files.getLastModifiedTime(RECORDING).compareTo(Files.getLastModifiedTime(JAR)) > 0) {
                return;
            }
            var all = java();
            all.addAll(List.of("-XX:AOTCacheOutput=" + RECORDING, "-jar", JAR.toString(), "rehearse"));
            TestNode.command(all.toArray(String[]::new));
        }
    }
}
