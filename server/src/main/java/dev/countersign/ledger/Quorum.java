package dev.countersign.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Whether voters fill the places of all stages when each person fills one place: a matching of places to people.
final class Quorum {
    private Quorum() {}

    /// @param places a group for each vote that is needed
    /// @param voters the groups that each voter may speak for
    static boolean isMet(List<String> places, List<List<String>> voters) {
        var filledBy = new int[voters.size()]; // the place that a voter fills
        Arrays.fill(filledBy, -1);
        for (int place = 0; place < places.size(); place++) {
            if (!fill(place, places, voters, filledBy, new boolean[voters.size()])) {
                return false;
            }
        }
        return true;
    }

    /// Finds somebody for a place, asking those who fill others to move on where they can.
    private static boolean fill(
            int place, List<String> places, List<List<String>> voters, int[] filledBy, boolean[] asked) {
        for (int voter = 0; voter < voters.size(); voter++) {
            if (asked[voter] || !voters.get(voter).contains(places.get(place))) {
                continue;
            }
            asked[voter] = true;
            if (filledBy[voter] < 0 || fill(filledBy[voter], places, voters, filledBy, asked)) {
                filledBy[voter] = place;
                return true;
            }
        }
        return false;
    }

    /// The places that the stages of a `request.judged` ask for.
    static List<String> places(EntryView judged) {
        var places = new ArrayList<String>();
        if (judged.body().get(Member.STAGES) instanceof List<?> stages) {
            for (var stage : stages) {
                if (stage instanceof java.util.Map<?, ?> map
                        && map.get(Member.GROUP) instanceof String group
                        && map.get(Member.VOTES) instanceof Long votes) {
                    for (long i = 0; i < Math.min(votes, 1000); i++) {
                        places.add(group);
                    }
                }
            }
        }
        return places;
    }
}
