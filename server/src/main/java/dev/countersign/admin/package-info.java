/// What operators look at and turn: health, metrics, the freeze switch, keys.
@NullMarked
package dev.countersign.admin;

import org.jspecify.annotations.NullMarked;
