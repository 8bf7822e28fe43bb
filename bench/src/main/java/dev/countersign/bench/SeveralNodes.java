package dev.countersign.bench;

import java.io.IOException;
import java.util.List;

/// Two servers on one store: what they do together, and how long a vote at one is on its way to a client at the other.
final class SeveralNodes implements Scenario {
    @Override
    public void measure(Rig rig) throws IOException {
        if (!rig.stores.areShared()) {
            throw new IOException("several nodes share a PostgreSQL: --store postgresql");
        }
        var folder = rig.folder();
        try (var one = rig.start(folder);
                var other = rig.start(folder)) {
            var both = List.of(one, other);
            var warmUp = rig.options.warmUp();
            rig.issue(", one node", List.of(one), folder, 64, warmUp);
            rig.issue(", two nodes", both, folder, 64, warmUp);
            rig.vote(", same node", one, one, folder);
            rig.vote(", vote at one node and held at the other", one, other, folder);
            rig.pend(", two nodes", both, folder);
        }
    }
}
