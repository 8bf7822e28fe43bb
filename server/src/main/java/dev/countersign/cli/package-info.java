/// The command line: one class a command, or a family of commands. What a command says goes to standard output, what it
/// has to say about itself to standard error. Start at [dev.countersign.cli.CommandLines].
@NullMarked
package dev.countersign.cli;

import org.jspecify.annotations.NullMarked;
