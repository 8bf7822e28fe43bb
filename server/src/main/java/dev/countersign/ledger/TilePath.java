package dev.countersign.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// Where a tile or a bundle of entries stands, C2SP tlog-tiles: `tile/0/x001/067`, `tile/entries/273.p/112`.
///
/// @param level 0 for leaf hashes, each higher level hashes full tiles of the one below; [#ENTRIES] for bundles
/// @param number its place within the level
/// @param width how many hashes or entries it holds: 256 when full
public record TilePath(int level, long number, int width) {
    /// The hashes of a full tile.
    public static final int FULL = 256;

    /// The level of entry bundles.
    public static final int ENTRIES = -1;

    private static final Pattern FORM = Pattern.compile(
            "tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public TilePath {
        if (level < ENTRIES || level > 63 || number < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException("no such tile: " + level + " " + number + " " + width);
        }
    }

    /// The tile that the path names; empty when it is no path of a tile. Only the one canonical spelling is taken.
    public static Optional<TilePath> parse(String path) {
        var form = FORM.matcher(path);
        if (!form.matches()) {
            return Optional.empty();
        }
        int level = form.group(1).equals("entries") ? ENTRIES : Integer.parseInt(form.group(1));
        long number = Long.parseLong(form.group(2).replace("x", "").replace("/", ""));
        int width = form.group(3) == null ? FULL : Integer.parseInt(form.group(3));
        if (width > FULL || (form.group(3) != null && width == FULL)) {
            return Optional.empty();
        }
        var tile = new TilePath(level, number, width);
        return tile.toString().equals(path) ? Optional.of(tile) : Optional.empty();
    }

    /// The tiles that are partial in a tree of `size` leaves, and the partial bundle: at most one a level.
    static List<TilePath> partials(long size) {
        var partials = new ArrayList<TilePath>();
        int level = 0;
        for (long hashes = size; hashes > 0; hashes /= FULL) {
            ofLevel(level++, hashes / FULL, hashes).forEach(partials::add);
        }
        ofLevel(ENTRIES, size / FULL, size).forEach(partials::add);
        return partials;
    }

    /// The tiles, or bundles, of a level of `hashes` hashes, from that number on.
    static Iterable<TilePath> ofLevel(int level, long from, long hashes) {
        long tiles = (hashes + FULL - 1) / FULL;
        return () -> LongStream.range(from, tiles)
                .mapToObj(number -> new TilePath(level, number, (int) Math.min(FULL, hashes - number * FULL)))
                .iterator();
    }

    boolean isFull() {
        return width == FULL;
    }

    /// The path itself: three digits an element, all but the last with an `x` before them.
    @Override
    public String toString() {
        var path = new StringBuilder(String.format("%03d", number % 1000));
        for (long rest = number / 1000; rest > 0; rest /= 1000) {
            path.insert(0, String.format("x%03d/", rest % 1000));
        }
        path.insert(0, "tile/" + (level == ENTRIES ? "entries" : level) + "/");
        return isFull() ? path.toString() : path.append(".p/").append(width).toString();
    }
}
