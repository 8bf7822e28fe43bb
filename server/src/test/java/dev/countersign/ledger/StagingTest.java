package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Tx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What comes many at a time gets its places at once, without getting before what it may follow from.
@SuppressWarnings("NullAway.Init") // each test starts with them
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StagingTest {
    @TempDir
    private Path folder;

    private MasterKey master;
    private TestLedger its;

    @BeforeEach
    void open() {
        assumeTrue(TestStores.onPostgres(), "elsewhere one node writes");
        master = MasterKey.of(MasterKey.generate());
        its = TestLedger.open(folder, master);
        its.append(its.refusal("first", "refund-bot"));
    }

    @AfterEach
    void close() {
        if (its != null) {
            its.close();
        }
    }

    private List<Leaf> leaves(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> its.ledger.seal(its.autoApproval(name + "-" + i, "jti-" + name + "-" + i)))
                .toList();
    }

    private void placeAll(TestLedger by, List<Leaf> leaves) {
        by.store.writeGuarded(tx -> {
            by.ledger.placeAll(tx, leaves);
            return true;
        });
    }

    /// The ledger itself may have the head for a moment.
    private static void waitForHead(Tx tx) {
        tx.sql().execute("SELECT size FROM ledger_head FOR UPDATE");
    }

    private long staged() {
        return its.store.read(tx -> tx.sql()
                .createQuery("SELECT count(*) FROM ledger_staged")
                .mapTo(Long.class)
                .one());
    }

    @Test
    void they_have_their_places_when_they_are_durable() {
        var leaves = leaves("r", 5);
        its.store.writeGuarded(tx -> {
            waitForHead(tx);
            its.ledger.placeAll(tx, leaves);
            return true;
        });
        assertThat(staged()).isZero();
        assertThat(its.ledger.entries(2, 10).stream().map(EntryView::hash))
                .containsExactlyElementsOf(leaves.stream().map(Leaf::hash).toList());
    }

    @Test
    void what_waits_is_before_them() {
        var before = leaves("before", 3);
        var after = leaves("after", 2);
        its.store.writeGuarded(tx -> {
            waitForHead(tx);
            its.ledger.appendAll(tx, before); // of this transaction, so that nobody else can place them first
            its.ledger.placeAll(tx, after);
            return true;
        });
        assertThat(staged()).isZero();
        assertThat(its.ledger.entries(2, 10).stream()
                        .map(it -> it.request().orElseThrow())
                        .toList())
                .containsExactly("before-0", "before-1", "before-2", "after-0", "after-1");
    }

    @Test
    void who_finds_the_head_taken_waits_for_nobody() throws Exception {
        var taken = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var other = threads.submit(() -> its.store.writeGuarded(tx -> {
                waitForHead(tx);
                taken.countDown();
                return uninterruptibly(go);
            }));
            taken.await();
            try {
                placeAll(its, leaves("r", 4));
                assertThat(staged()).isEqualTo(4);
                assertThat(its.ledger.size()).isEqualTo(2);
            } finally {
                go.countDown();
            }
            other.get();
        }
        its.ledger.settle();
        assertThat(its.ledger.size()).isEqualTo(6);
    }

    private static boolean uninterruptibly(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void taken_back_they_leave_nothing() {
        var leaves = leaves("r", 3);
        assertThatThrownBy(() -> its.store.writeGuarded(tx -> {
                    waitForHead(tx);
                    its.ledger.placeAll(tx, leaves);
                    throw new IllegalStateException("changed its mind");
                }))
                .hasMessage("changed its mind");
        assertThat(its.ledger.size()).isEqualTo(2);
        placeAll(its, leaves);
        its.ledger.settle();
        assertThat(its.ledger.size()).isEqualTo(5);
    }

    /// One after the other, by two nodes, in all ways that there are: the tree is whole, and each of both nodes hears
    /// of
    /// each entry once, in its order, and as it is read.
    @Test
    void the_tree_is_whole_and_each_is_told_once_in_order() throws Exception {
        var heard = Collections.synchronizedList(new ArrayList<EntryView>());
        var heardThere = Collections.synchronizedList(new ArrayList<EntryView>());
        its.ledger.listen(heard::addAll);
        try (var other = TestLedger.open(folder, master, its.clock)) {
            long size = its.ledger.size();
            other.ledger.listen(heardThere::addAll);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.execute(() -> IntStream.range(0, 12).forEach(i -> placeAll(its, leaves("a" + i, 30))));
                threads.execute(() -> IntStream.range(0, 12).forEach(i -> placeAll(other, leaves("b" + i, 25))));
                threads.execute(() -> IntStream.range(0, 60)
                        .forEach(i ->
                                its.store.write(tx -> other.ledger.append(tx, its.refusal("c" + i, "refund-bot")))));
            }
            other.ledger.settle();
            its.ledger.settle();
            assertThat(its.ledger.size()).isEqualTo(size + 12 * 55 + 60);
            for (var here : List.of(List.copyOf(heard), List.copyOf(heardThere))) {
                var told = here.stream().filter(it -> it.index() >= size).toList();
                assertThat(told.stream().map(EntryView::index))
                        .containsExactlyElementsOf(LongStream.range(size, its.ledger.size())
                                .boxed()
                                .toList());
                assertThat(told).isEqualTo(its.ledger.entries(size, 10_000));
            }
        }
        var wrong = new ArrayList<String>();
        its.store.read(tx -> new WholeLedger(tx, master, true).inOrder(new WholeLedger.Reader() {
            @Override
            public void entry(EntryView entry) {
                // All that it says of them is right or wrong.
            }

            @Override
            public void wrong(long index, String said) {
                wrong.add(index + ": " + said);
            }
        }));
        assertThat(wrong).isEmpty();
    }
}
