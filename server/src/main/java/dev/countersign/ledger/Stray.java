package dev.countersign.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Finds files in an export that nothing vouches for. Partial tiles of an earlier, smaller tree may stay: they hold
/// nothing that is read.
final class Stray {
    private Stray() {}

    static Optional<String> in(Path folder, long size) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(path -> !belongs(path, size))
                    .sorted()
                    .findFirst();
        }
    }

    private static boolean belongs(String path, long size) {
        if (path.equals(Export.CHECKPOINT) || path.equals(Export.VKEY)) {
            return true;
        }
        boolean disclosures = path.startsWith(Export.DISCLOSURES + "/");
        var tile = TilePath.parse(disclosures ? "tile/entries" + path.substring(Export.DISCLOSURES.length()) : path);
        return tile.isPresent()
                && (disclosures
                        ? holds(tile.get(), size, 1)
                        : holds(tile.get(), size, tile.get().width()));
    }

    private static boolean holds(TilePath tile, long size, int width) {
        long hashes = tile.level() > 7 ? 0 : size >> (8 * Math.max(tile.level(), 0));
        return tile.number() * TilePath.FULL + width <= hashes;
    }
}
