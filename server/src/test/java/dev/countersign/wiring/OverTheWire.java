package dev.countersign.wiring;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A gate for each test, with rules that approve reads and put writes before reviewers. When a test is over its ledger
/// is verified offline.
class OverTheWire {
    static final String REVIEW = """
            policies:
              - rule: reads
                when: risk == LOW
                approve: { lifetime: 60s }
              - rule: money-moves
                when: '"refunds:write" in scopes || "refund" in details_types'
                review:
                  stages: [ { group: payments-oncall, votes: 1 } ]
                  within: 15m
                  lifetime: 2m
            """;
    static final String WRITE = "refunds:write";
    static final String READ = "refunds:read";

    @TempDir
    Path folder;

    TestGate gate;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, REVIEW);
    }

    @AfterEach
    void stop() {
        gate.close();
    }
}
