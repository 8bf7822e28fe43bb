package dev.countersign.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether people fill all places that stages ask for, each person one place.
///
/// Somebody who is in two of the groups counts for one of them, whichever lets most places be filled: a largest
/// matching of people to places. `P` is whoever stands for a natural person, so that two accounts of one person are
/// one.
public final class Quorum {
    private Quorum() {}

    /// True when these people fill every place. Stages that ask for nobody are met by nobody: what is meant by them is
    /// not known.
    ///
    /// @param people each with the groups it is in
    public static <P> boolean met(List<Stage> stages, Map<P, Set<String>> people) {
        int places = stages.stream().mapToInt(Stage::votes).sum();
        return places > 0 && filled(stages, people).size() == places;
    }

    /// True when the vote of `person`, who is in `groups`, is the one that is missing.
    public static <P> boolean decides(List<Stage> stages, Map<P, Set<String>> voted, P person, Set<String> groups) {
        if (met(stages, voted)) {
            return false;
        }
        var all = new HashMap<>(voted);
        all.put(person, groups);
        return met(stages, all);
    }

    /// How many places of each stage are still open when these people fill as many as they can, in the order of the
    /// stages. People who could fill either of two places are shown in one; another may turn out to be theirs.
    public static <P> List<Integer> open(List<Stage> stages, Map<P, Set<String>> people) {
        var taken = filled(stages, people).keySet().stream().map(Place::stage).toList();
        var open = new ArrayList<Integer>();
        for (int i = 0; i < stages.size(); i++) {
            open.add(stages.get(i).votes() - Collections.frequency(taken, i));
        }
        return open;
    }

    /// One of the votes that the stage at that index asks for.
    private record Place(int stage, int number) {}

    /// A largest matching, by augmenting paths: everybody is seated in turn, and those who sit may move.
    private static <P> Map<Place, P> filled(List<Stage> stages, Map<P, Set<String>> people) {
        var places = new LinkedHashMap<Place, P>();
        people.keySet().forEach(person -> seat(person, stages, people, places, new HashSet<>()));
        return places;
    }

    private static <P> boolean seat(
            P person, List<Stage> stages, Map<P, Set<String>> people, Map<Place, P> places, Set<Place> tried) {
        for (int i = 0; i < stages.size(); i++) {
            if (!people.getOrDefault(person, Set.of()).contains(stages.get(i).group())) {
                continue;
            }
            for (int number = 0; number < stages.get(i).votes(); number++) {
                var place = new Place(i, number);
                if (tried.add(place)
                        && (!places.containsKey(place) || seat(places.get(place), stages, people, places, tried))) {
                    places.put(place, person);
                    return true;
                }
            }
        }
        return false;
    }
}
