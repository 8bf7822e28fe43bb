/// Facts from outside: a ticket system, an on-call rota, somebody else's decision point.
///
/// Start at [Sources], which asks what a configuration calls a [FactSource] about a request, never in a
/// transaction, and gives what was heard. Whatever goes wrong there is heard as silence, and a fact that nobody
/// gave is unknown. [Template] is where a URL takes what a client wrote.
@NullMarked
package dev.countersign.source;

import org.jspecify.annotations.NullMarked;
