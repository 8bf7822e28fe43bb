package dev.countersign.approval;

import dev.countersign.people.PersonId;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.Types;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The table of to whom requests were handed on last.
final class Handings {
    /// Those of these requests, by their ids, that were.
    Map<String, Handed> of(Tx tx, Collection<String> ids) {
        var handed = new HashMap<String, Handed>();
        if (!ids.isEmpty()) {
            tx.sql()
                    .createQuery("""
                            SELECT approval_id, times, by_person, to_person, to_group, reason, handed_at
                            FROM request_handed WHERE approval_id IN (<ids>)""")
                    .bindList("ids", List.copyOf(ids))
                    .map((row, _) -> Map.entry(
                            row.getString(1),
                            new Handed(
                                    row.getInt(2),
                                    new PersonId(row.getString(3)),
                                    Handed.to(Optional.ofNullable(row.getString(4)), row.getString(5)),
                                    row.getString(6),
                                    Micros.instant(row.getLong(7)))))
                    .forEach(it -> handed.put(it.getKey(), it.getValue()));
        }
        return handed;
    }

    void set(Tx tx, String id, Handed handed) {
        var update = tx.sql()
                .createUpdate("""
                        INSERT INTO request_handed
                          (approval_id, times, by_person, to_person, to_group, reason, handed_at)
                        VALUES (:id, :times, :by, :person, :group, :reason, :at)
                        ON CONFLICT (approval_id) DO UPDATE SET
                          times = excluded.times, by_person = excluded.by_person, to_person = excluded.to_person,
                          to_group = excluded.to_group, reason = excluded.reason, handed_at = excluded.handed_at""")
                .bind("id", id)
                .bind("times", handed.times())
                .bind("by", handed.by().value())
                .bind("reason", handed.reason())
                .bind("at", Micros.of(handed.at()));
        switch (handed.to()) {
            case Handed.To.Person(var person) ->
                update.bind("person", person.value()).bindNull("group", Types.VARCHAR);
            case Handed.To.Group(var group) ->
                update.bindNull("person", Types.VARCHAR).bind("group", group);
        }
        update.execute();
    }
}
