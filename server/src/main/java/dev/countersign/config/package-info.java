/// The configuration: a folder of YAML files read into one record, with every fault at its file, line and column; the
/// versions of it that were published; and the one in force.
///
/// Start at [Configuration] for what is in it, at `Schema` for its keys, at [Configurations] for its versions.
@NullMarked
package dev.countersign.config;

import org.jspecify.annotations.NullMarked;
