package dev.countersign.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A folder without the parts that have faults: rules, tests, claims and clients, which others can do without.
///
/// @param root without them
/// @param rules that were taken out
/// @param clients the ids of those that were taken out
record Sound(Piece.Entries root, List<Taken> rules, List<String> clients) {
    private static final String POLICIES = "policies";
    private static final String CLIENTS = "clients";
    private static final Set<String> LISTS = Set.of(POLICIES, CLIENTS, "tests", "prove");

    /// A rule that was taken out.
    ///
    /// @param isRead whether nothing is wrong with its condition
    record Taken(View rule, boolean isRead) {}

    /// A piece that stands at some place, and the part of one of the lists that it is of; empty when it is of none.
    private record Spot(Optional<Piece> part, Piece piece) {}

    /// Empty when something else has a fault, too.
    static Optional<Sound> of(Piece.Entries root, List<Fault> faults) {
        var parts = Collections.newSetFromMap(new IdentityHashMap<Piece, Boolean>());
        var pieces = Collections.newSetFromMap(new IdentityHashMap<Piece, Boolean>());
        var spots = spots(root);
        for (var fault : faults) {
            var below = spots.floorEntry(fault.at());
            if (below == null
                    || !below.getKey().file().equals(fault.at().file())
                    || below.getValue().part().isEmpty()) {
                return Optional.empty();
            }
            parts.add(below.getValue().part().get());
            pieces.add(below.getValue().piece());
        }
        var rules = new ArrayList<Taken>();
        var clients = new ArrayList<String>();
        var entries = root.entries().stream()
                .map(it -> LISTS.contains(it.key()) && it.value() instanceof Piece.Items list
                        ? new Piece.Entry(it.at(), it.key(), without(list, parts))
                        : it)
                .toList();
        of(root, POLICIES, parts).forEach(it -> rules.add(new Taken(it, isRead(it, pieces))));
        of(root, CLIENTS, parts).forEach(it -> clients.add(it.text("id")));
        return Optional.of(new Sound(new Piece.Entries(root.at(), entries), List.copyOf(rules), List.copyOf(clients)));
    }

    private static Piece.Items without(Piece.Items list, Set<Piece> parts) {
        return new Piece.Items(
                list.at(),
                list.items().stream().filter(it -> !parts.contains(it)).toList());
    }

    private static List<View> of(Piece.Entries root, String key, Set<Piece> parts) {
        return new View(root)
                .views(key).stream().filter(it -> parts.contains(it.entries())).toList();
    }

    private static boolean isRead(View rule, Set<Piece> pieces) {
        return rule.scalar("when").filter(it -> !pieces.contains(it)).isPresent();
    }

    /// What stands where: a fault is of the last piece that begins at its place or before.
    private static TreeMap<Place, Spot> spots(Piece.Entries root) {
        var spots = new TreeMap<Place, Spot>();
        for (var entry : root.entries()) {
            spots.put(entry.at(), new Spot(Optional.empty(), entry.value()));
            if (LISTS.contains(entry.key()) && entry.value() instanceof Piece.Items list) {
                list.items().forEach(it -> walk(it, Optional.of(it), spots));
            } else {
                walk(entry.value(), Optional.empty(), spots);
            }
        }
        return spots;
    }

    private static void walk(Piece piece, Optional<Piece> part, Map<Place, Spot> spots) {
        spots.put(piece.at(), new Spot(part, piece));
        switch (piece) {
            case Piece.Scalar _ -> {}
            case Piece.Items(_, var items) -> items.forEach(it -> walk(it, part, spots));
            case Piece.Entries(_, var entries) ->
                entries.forEach(it -> {
                    spots.put(it.at(), new Spot(part, it.value()));
                    walk(it.value(), part, spots);
                });
        }
    }
}
