package dev.countersign.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// A configuration folder that tests write: the example, and what they put on top of it.
final class TestFolder {
    final Path path;

    private TestFolder(Path path) {
        this.path = path;
    }

    static TestFolder empty(Path path) {
        return new TestFolder(path);
    }

    static TestFolder example(Path path) {
        try (var files =
                Files.walk(Path.of(Objects.requireNonNull(TestFolder.class.getResource("/configuration/example"))
                        .toURI()))) {
            var all = files.toList();
            for (var file : all) {
                var target = path.resolve(all.getFirst().relativize(file).toString());
                if (Files.isRegularFile(file)) {
                    Files.createDirectories(Objects.requireNonNull(target.getParent()));
                    Files.copy(file, target);
                }
            }
            return new TestFolder(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    TestFolder with(String name, String text) {
        try {
            var file = path.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestFolder without(String name) {
        try {
            Files.delete(path.resolve(name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String name) {
        try {
            return Files.readString(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestFolder replacing(String name, String was, String is) {
        assertThat(text(name)).contains(was);
        return with(name, text(name).replace(was, is));
    }

    Read read() {
        return Configuration.read(path);
    }

    Configuration good() {
        return switch (read()) {
            case Read.Good(var configuration, var warnings, _) -> {
                assertThat(warnings).isEmpty();
                yield configuration;
            }
            case Read.Bad(var faults, _, _) -> throw new AssertionError(faults.toString());
        };
    }

    List<String> faults() {
        return switch (read()) {
            case Read.Good _ -> List.of();
            case Read.Bad(var faults, _, _) ->
                faults.stream().map(Fault::toString).toList();
        };
    }

    List<String> warnings() {
        return switch (read()) {
            case Read.Good(_, var warnings, _) ->
                warnings.stream().map(Fault::toString).toList();
            case Read.Bad(var faults, _, _) -> throw new AssertionError(faults.toString());
        };
    }
}
