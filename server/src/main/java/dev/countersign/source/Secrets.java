package dev.countersign.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// What sources, providers and notifiers are shown, or are signed for, each in a file of a node's own. It is read
/// when it is needed, so that another one needs no restart.
///
/// They lie in one folder and nothing else is read: who may publish a configuration, also from elsewhere, must
/// not have the master key sent to a host of theirs.
public final class Secrets {
    /// The folder that they lie in, in that of the configuration.
    public static final String FOLDER = "secrets";

    private static final Pattern NAMES = Pattern.compile(FOLDER + "/[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int LONGEST = 8 * 1024;

    private final Path configuration;

    /// @param configuration the folder of the configuration
    public Secrets(Path configuration) {
        this.configuration = configuration;
    }

    /// Whether a secret can be kept in a file of this name.
    public static boolean isName(String file) {
        return NAMES.matcher(file).matches();
    }

    /// What the file holds, without white space at its ends; empty when there is none, or nothing that fits a
    /// header.
    public Optional<String> read(String file) {
        try {
            var folder = configuration.resolve(FOLDER).toRealPath();
            var path = configuration.resolve(file).toRealPath();
            if (!isName(file) || !path.startsWith(folder)) {
                return Optional.empty();
            }
            try (var in = Files.newInputStream(path)) {
                var text = new String(in.readNBytes(LONGEST + 1), UTF_8).strip();
                boolean fits = !text.isEmpty()
                        && text.length() <= LONGEST
                        && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
                return fits ? Optional.of(text) : Optional.empty();
            }
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
