/// The one store, in a SQLite file or a PostgreSQL database: transactions, migrations, backups, and the values that
/// must be kept secret or spent only once.
///
/// Start at [Store]: `write` and `read` hand a [Tx] to a piece of [Work]. `docs` of the tables stand beside them in
/// `db/migration`. Nothing outside this package opens the database.
@NullMarked
package dev.countersign.store;

import org.jspecify.annotations.NullMarked;
