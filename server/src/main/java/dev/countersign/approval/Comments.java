package dev.countersign.approval;

import dev.countersign.ledger.Entry.Actor;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The table of what was said about requests while they were pending.
final class Comments {
    /// What was said about these, by their ids, the first first. Those about which nothing was said are not in it.
    Map<String, List<Comment>> about(Tx tx, Collection<String> ids) {
        var said = new HashMap<String, List<Comment>>();
        if (!ids.isEmpty()) {
            tx.sql()
                    .createQuery("""
                            SELECT approval_id, side, author_kind, author, words, said_at FROM request_comment
                            WHERE approval_id IN (<ids>) ORDER BY approval_id, comment_number""")
                    .bindList("ids", List.copyOf(ids))
                    .map((row, _) -> Map.entry(
                            row.getString(1),
                            new Comment(
                                    Comment.Side.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                                    new Actor(row.getString(3), row.getString(4)),
                                    row.getString(5),
                                    Micros.instant(row.getLong(6)))))
                    .forEach(it -> said.computeIfAbsent(it.getKey(), _ -> new ArrayList<>())
                            .add(it.getValue()));
        }
        return said;
    }

    /// @param number its place; two writers of one request's row never have the same
    void add(Tx tx, String id, int number, Comment comment) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO request_comment
                          (approval_id, comment_number, side, author_kind, author, words, said_at)
                        VALUES (:id, :number, :side, :kind, :author, :words, :at)""")
                .bind("id", id)
                .bind("number", number)
                .bind("side", comment.side().word())
                .bind("kind", comment.by().kind())
                .bind("author", comment.by().id())
                .bind("words", comment.words())
                .bind("at", Micros.of(comment.at()))
                .execute();
    }
}
