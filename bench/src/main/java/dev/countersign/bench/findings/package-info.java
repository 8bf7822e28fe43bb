/// How good findings are: made-up clients and attacks on them, and how many of each are noticed. Start at
/// [dev.countersign.bench.findings.Quality].
@NullMarked
package dev.countersign.bench.findings;

import org.jspecify.annotations.NullMarked;
