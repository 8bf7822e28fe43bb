/// Benchmarks, outside the default build: what the server does in a second, and where its time goes.
///
/// `bench/run` builds and runs all of it. Start at [Load] and [Scenario] for the whole server, driven over the wire in
/// a process of its own; at [Peers] for others beside it; at [PolicyBench], [LedgerBench],
/// [UsageBench] and [SigningBench] for its parts under JMH.
@NullMarked
package dev.countersign.bench;

import org.jspecify.annotations.NullMarked;
