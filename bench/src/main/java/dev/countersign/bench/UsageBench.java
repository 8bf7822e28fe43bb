package dev.countersign.bench;

import dev.countersign.usage.Report;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What usage profiles cost a request: to be looked at, and to take in the entry that comes of it.
@State(Scope.Benchmark)
public class UsageBench {
    private OneClient client = new OneClient(0);

    /// A client with 90 days behind it, from many networks, and 20 peers.
    @Setup
    public void live() {
        client = new OneClient(90);
    }

    /// A request as ever.
    @Benchmark
    public Report usual() {
        return client.usual();
    }

    /// One that everything is odd about: night, network, key, program, scope, burst.
    @Benchmark
    public Report odd() {
        return client.odd();
    }

    /// The entry of a token.
    @Benchmark
    public OneClient fold() {
        client.take();
        return client;
    }
}
