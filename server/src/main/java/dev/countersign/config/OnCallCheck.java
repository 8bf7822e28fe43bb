package dev.countersign.config;

import dev.countersign.people.OnCallCalendar;
import dev.countersign.source.Secrets;
import java.util.HashMap;

/// Looks at each group's calendar: where its address is kept, and that it may name somebody, each by a name of their
/// own.
final class OnCallCheck {
    private final Faults faults;

    OnCallCheck(Faults faults) {
        this.faults = faults;
    }

    void check(View root) {
        root.named("groups")
                .forEach((name, group) -> group.view("on_call").ifPresent(it -> {
                    it.view("calendar")
                            .filter(at -> !at.text("file").isEmpty())
                            .filter(at -> !Secrets.isName(at.text("file")))
                            .ifPresent(at -> faults.add(
                                    at.at("file"),
                                    "the address of a calendar is in a file in the folder `" + Secrets.FOLDER
                                            + "`, such as `" + Secrets.FOLDER + "/" + name + "`; put it there"));
                    it.view("people").ifPresent(this::people);
                }));
    }

    private void people(View people) {
        if (people.texts().isEmpty()) {
            faults.add(people.at(), "a calendar that may name nobody puts nobody on call; write whom its events name");
        }
        var seen = new HashMap<String, String>();
        people.texts().forEach((name, user) -> {
            var other = seen.putIfAbsent(OnCallCalendar.key(name), name);
            if (other != null) {
                faults.add(
                        people.at(name),
                        "`" + name + "` and `" + other
                                + "` are the same name, as names in calendars are compared; keep one");
            }
        });
    }
}
