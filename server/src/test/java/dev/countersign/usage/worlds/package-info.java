/// How good findings are: made-up clients, attacks on them, and how many of each are noticed. Start at
/// [World]; [QualityTest] holds what comes of it.
@NullMarked
package dev.countersign.usage.worlds;

import org.jspecify.annotations.NullMarked;
