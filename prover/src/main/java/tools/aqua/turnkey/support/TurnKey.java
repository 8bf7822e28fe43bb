package tools.aqua.turnkey.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;

/// Loads a library's machine code. It stands in for the class of this name that Z3 brings, and comes before it on the
/// class path: that one unpacks 35 MB at each start, and this one takes what the build has unpacked beside the jar.
///
/// Who could put something else there could put another jar there, too. For a platform of which nothing was unpacked it
/// does as the other does.
@SuppressWarnings("restricted") // that is what it is for
public final class TurnKey {
    private TurnKey() {}

    /// Called by name from Z3, before anything else of it.
    ///
    /// @param prefix where the library's resources lie, each platform's below it
    /// @param resources opens one
    public static void load(String prefix, Function<String, InputStream> resources) {
        var platform = new PlatformPrefix(prefix, OperatingSystem.identify(), CPUArchitecture.identify());
        // A resource's path, which begins with a slash.
        var unpacked = jar().resolveSibling("lib" + platform.resolve(System.mapLibraryName("z3java")));
        if (Files.isRegularFile(unpacked)) {
            // It names the other by its own folder.
            System.load(unpacked.toString());
        } else {
            unpack(platform, resources);
        }
    }

    private static Path jar() {
        try {
            return Path.of(Objects.requireNonNull(
                                    TurnKey.class.getProtectionDomain().getCodeSource())
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException odd) {
            throw new IllegalStateException("a jar without a path", odd);
        }
    }

    /// Into a new folder that nobody else may write to.
    private static void unpack(PlatformPrefix platform, Function<String, InputStream> resources) {
        try (var told = resource(platform, "turnkey.xml", resources)) {
            var metadata = TurnKeyMetadata.loadFrom(told);
            var folder = Files.createTempDirectory("turnkey").toAbsolutePath();
            for (var name : metadata.bundledLibraries) {
                try (var code = resource(platform, name, resources)) {
                    Files.copy(code, folder.resolve(name));
                }
            }
            metadata.loadCommands.forEach(
                    name -> System.load(folder.resolve(name).toString()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static InputStream resource(PlatformPrefix platform, String name, Function<String, InputStream> resources) {
        var path = platform.resolve(name);
        var found = resources.apply(path);
        if (found == null) {
            throw new UnsatisfiedLinkError("there is no " + path);
        }
        return found;
    }
}
