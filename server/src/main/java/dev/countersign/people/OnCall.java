package dev.countersign.people;

import java.time.Duration;
import java.util.Map;

/// That whoever a calendar names is in a group while they are on call.
///
/// @param calendar the file, in the folder of secrets, that has its address: who knows it can read the calendar
/// @param people the user behind each name that it may have; nobody else is ever on call
/// @param goodFor how long what it said holds while it is not heard
public record OnCall(String calendar, Map<String, String> people, Duration goodFor) {
    /// How long it does when the configuration does not say.
    public static final Duration GOOD_FOR = Duration.ofHours(12);

    /// Keeps its own copy of the people.
    public OnCall {
        people = Map.copyOf(people);
    }
}
