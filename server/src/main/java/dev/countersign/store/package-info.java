/// The one store: transactions, migrations, wrapped keys. Start at `Store`.
@NullMarked
package dev.countersign.store;

import org.jspecify.annotations.NullMarked;
