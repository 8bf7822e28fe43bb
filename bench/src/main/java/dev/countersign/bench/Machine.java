package dev.countersign.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What figures depend on beside the code.
record Machine(String processor, int cores, long memoryMiB, String kernel, String java, String disk) {
    static Machine here(Path data) throws IOException {
        return new Machine(
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                Files.getFileStore(data).type());
    }

    /// How many threads wanted to run, on average over the last minute, and over five.
    String load() {
        try {
            var words = Files.readString(Path.of("/proc/loadavg")).split(" ", 3);
            return words[0] + ", " + words[1];
        } catch (IOException unknown) {
            return "unknown";
        }
    }

    private static String field(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(it -> it.startsWith(name))
                .map(it -> it.substring(it.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }
}
