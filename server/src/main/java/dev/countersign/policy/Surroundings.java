package dev.countersign.policy;

import dev.countersign.http.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What facts of time and place are told by.
///
/// @param zone the one that `time.hour` and `time.weekday` are in
/// @param calendars by which `time.windows` and `time.holidays` are told
/// @param networks the ranges of addresses of each, by name
public record Surroundings(ZoneId zone, List<Calendar> calendars, SortedMap<String, List<Network>> networks) {
    /// Those of a configuration that says nothing of them.
    public static final Surroundings NONE = new Surroundings(ZoneId.of("UTC"), List.of(), new TreeMap<>());

    /// Whether the time is told alike by both.
    public boolean tellsTimeAs(Surroundings other) {
        return zone.equals(other.zone) && calendars.equals(other.calendars);
    }

    /// The names of the networks that have an address, sorted.
    List<String> networksOf(InetAddress address) {
        return networks.entrySet().stream()
                .filter(it -> it.getValue().stream().anyMatch(network -> network.contains(address)))
                .map(Map.Entry::getKey)
                .toList();
    }

    static String family(InetAddress address) {
        return address instanceof Inet4Address ? "ipv4" : "ipv6";
    }
}
