/// A made-up company to try Countersign with: its configuration folder, its secrets, and half a year in which its
/// clients asked and its people decided. Start at [dev.countersign.demo.Demo].
@NullMarked
package dev.countersign.demo;

import org.jspecify.annotations.NullMarked;
